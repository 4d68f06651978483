import { sign } from 'node:crypto'
import { afterAll, expect, test } from '@jest/globals'
import { openBrowser, redeem, refresh, responseIn } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { createTestKey } from '../support/builders/signing-key.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)
const { privateKey } = await createTestKey()

/** A code, and a hook that is called before each signature of the service. */
async function setUp() {
  const hook = { beforeSigning: async () => {} }
  const service = await createOAuthService(table, {
    sign: async (input) => {
      await hook.beforeSigning()
      return sign('sha256', input, privateKey)
    },
  })
  const client = await service.putClient()
  const browser = openBrowser(service)
  const { verifier, page } = await browser.authorize(client)
  const { code = '' } = responseIn(await browser.signIn(page))
  return {
    ...{ service, client, hook, browser },
    use: () => redeem(service, client, { code, code_verifier: verifier }),
  }
}

// REQ-179: the second use finds no session yet that it could end.
test('a code that is used again before its session is stored ends that session too', async () => {
  const { service, client, hook, use } = await setUp()
  const second: unknown[] = []
  hook.beforeSigning = async () => {
    hook.beforeSigning = async () => {}
    second.push(await use())
  }

  const { status, json } = await use()

  expect([status, second]).toEqual([200, [expect.objectContaining({ status: 400 })]])
  expect(await refresh(service, client, json.refresh_token)).toMatchObject({ status: 400 })
  expect(await service.sessionsOf(json.access_token)).toMatchObject({ status: 401 })
})

// REQ-179, REQ-184
test.each([1, 2])(
  'a browser that signs out while its code is exchanged leaves nothing: signature %d',
  async (count) => {
    const { service, hook, browser, use } = await setUp()
    let left = count
    hook.beforeSigning = async () => {
      left -= 1
      if (left === 0) await browser.go('POST', '/logout/confirm')
    }

    const { status, json } = await use()

    if (status === 200) expect(await service.sessionsOf(json.access_token)).toMatchObject({ status: 401 })
    else expect([status, json.error]).toEqual([400, 'invalid_grant'])
  },
)
