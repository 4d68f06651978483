import { createHash, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from '@jest/globals'
import { newFolder } from '../support/local-aws.ts'
import { openService } from '../support/local-service.ts'
import { openWebBrowser } from '../support/web-browser.ts'

const data = newFolder()
const service = await openService({ data, settings: { signInPages: 'true', clientsByUrl: 'all' } })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const { url } = service
const user = { username: 'ada', password: 'correct horse battery staple' }
await service.admin({ command: 'create-user', ...user })

const ask = async (asked: object) => JSON.parse((await service.invoke('clientMetadata', JSON.stringify(asked))).payload)

const refusals = () =>
  service.lines.flatMap((line) => /^clientMetadata: (\{.*"client_metadata_fail".*\})$/.exec(line)?.[1] ?? [])

// REQ-193: no name ends in `invalid` (RFC 2606), so nothing is fetched. A resolver that is slow says less.
test('a document that is nowhere is asked for after the sign-in, in the role of the function, and told as a page', async () => {
  const browser = openWebBrowser(url)
  const query = new URLSearchParams({
    ...{ client_id: 'https://agent.invalid/client.json', redirect_uri: 'https://agent.invalid/callback' },
    ...{ response_type: 'code', code_challenge_method: 'S256', resource: url, scope: 'openid' },
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
  })
  const page = await browser.load(`${url}/authorize?${query}`)
  expect(page.text).toContain('agent.invalid')
  expect(refusals()).toEqual([])

  const shown = await browser.signIn(page, user)
  expect([shown.status, shown.heading, new URL(shown.url).origin]).toEqual([400, 'This sign-in cannot start', url])
  expect(refusals().map((line) => JSON.parse(line))).toMatchObject([
    {
      kind: 'document',
      url: 'https://agent.invalid/client.json',
      reason: expect.stringMatching(/^(unknown_host|too_slow)$/),
    },
  ])
})

// REQ-193
test('nothing on this machine can be read, here as on AWS', async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '169.254.169.254', 'localhost.'])
    expect(await ask({ kind: 'document', url: `https://${host}/client.json` })).toEqual({ refused: 'refused_url' })
})

test.each(['openid-configuration', 'oauth-authorization-server'])('%s says so', async (name) => {
  const metadata = await (await fetch(`${url}/.well-known/${name}`)).json()

  expect(metadata).toMatchObject({ client_id_metadata_document_supported: true })
})
