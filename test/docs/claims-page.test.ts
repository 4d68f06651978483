import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import { claimsEvent, readOwnersClaims } from '../../functions/domain/oauth/claims-trigger.ts'
import { createTestAuthorizer, sampleEvent } from '../support/authorizer.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/claims.md'), 'utf8')
const [trigger = '', reader = ''] = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code)

const moduleOf = (code: string) => import(`data:text/javascript,${encodeURIComponent(code)}`)

test('the trigger of the page adds the tenant that its table has', async () => {
  // The example has the SDK of Lambda; here it is given a table with one tenant.
  const tenants: Readonly<Record<string, object>> = { s: { tenant: { S: 't-1' } } }
  const send = async ({ input }: GetItemCommand) => ({ Item: tenants[input.Key?.['pk']?.S ?? ''] })
  Object.assign(globalThis, { exampleOfClaims: { client: { send }, GetItemCommand } })
  const { handler } = await moduleOf(
    trigger
      .replace(/^import .*\n/, '')
      .replace(/^const client = .*$/m, 'const { client, GetItemCommand } = globalThis.exampleOfClaims'),
  )
  const claimsOf = async (sub: string) => {
    const account = { sub, identifiers: ['ada'], emailVerified: false, scope: [], disabled: false, createdAt: 1 }
    const question = { sub, clientId: 'web', scope: ['a'], groups: undefined, occasion: 'log_in' } as const
    return readOwnersClaims(await handler(claimsEvent(question, account, 'eu-central-1')), question)
  }

  expect(await claimsOf('s')).toEqual({ ok: true, value: { claims: '{"tenant":"t-1"}', scope: ['a'] } })
  expect(await claimsOf('other')).toEqual({ ok: true, value: { claims: '{"tenant":"none"}', scope: ['a'] } })
  Reflect.deleteProperty(globalThis, 'exampleOfClaims')
})

test('the function of the page reads a claim, on APIs of every kind, and refuses a caller without it', async () => {
  const { handler } = await moduleOf(reader)
  const { authorize, issueWith } = createTestAuthorizer()
  const answersTo = async (claims: Readonly<Record<string, unknown>>) => {
    const token = await issueWith({ claims })
    const { context: lambda } = await authorize(sampleEvent('ok', token))
    const { context: rest } = await authorize(sampleEvent('rest-token', token))
    return [
      await handler({ requestContext: { authorizer: { lambda } } }),
      await handler({ requestContext: { authorizer: rest } }),
    ]
  }
  const good = { statusCode: 200, body: '{"tenant":"t-1"}' }

  expect(await answersTo({ tenant: 't-1', plan: 'pro' })).toEqual([good, good])
  expect(await answersTo({ plan: 'pro' })).toEqual([{ statusCode: 403 }, { statusCode: 403 }])
})
