import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createVerifyLiveToken } from '../../functions/domain/sessions/live-token.ts'
import { createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { createAuthorizer } from '../../functions/http/authorizer/authorizer.ts'
import { noRules, sampleEvent } from '../support/authorizer.ts'
import { evaluate } from '../support/builders/policy.ts'
import { audience, issuer, key } from '../support/builders/service.ts'
import { createTestKey, verificationKeys } from '../support/builders/signing-key.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { createForgery } from '../support/hostile/forgery.ts'
import { hostileTokens } from '../support/hostile/tokens.ts'
import { createSecrets } from './secrets.ts'

const clock = stoppedClock()
const keys = await verificationKeys(key)
const forgery = createForgery({ issuer, audience, key, attackersKey: await createTestKey(), now: clock() })
const { good } = forgery

// White space around a credential is for its header to strip (RFC 6750 section 2.1, RFC 9110 section 5.6.3).
const carried = hostileTokens.filter(({ make }) => make(forgery).trim() !== good)

/** Every kind of event that an authorizer is asked by, and the route whose answer API Gateway would keep. */
const kinds = [
  ['ok', 'anything'],
  ['http-payload-1.0', 'arn:aws:execute-api:us-east-1:000000000000:local/$default/GET/me'],
  ['rest-token', 'arn:aws:execute-api:us-east-1:000000000000:local/prod/GET/me'],
  ['rest-request', 'arn:aws:execute-api:us-east-1:000000000000:local/prod/GET/me'],
  ['websocket-header', 'arn:aws:execute-api:us-east-1:000000000000:local/prod/$connect'],
  ['websocket-subprotocol', 'arn:aws:execute-api:us-east-1:000000000000:local/prod/$connect'],
  ['websocket-query-token', 'arn:aws:execute-api:us-east-1:000000000000:local/prod/$connect'],
] as const

const verify = createVerifyAccessToken({ issuer, audience, keys }, clock)
const verifiers = {
  authorizer: verify,
  // Of a table that knows every session there could be: so nothing but the token itself can be refused.
  authorizerImmediate: createVerifyLiveToken(verify, async () => true),
} as const

const cases = Object.keys(verifiers).flatMap((name) =>
  kinds.map(([kind, route]) => [name as keyof typeof verifiers, kind, route] as const),
)

function setUp(name: keyof typeof verifiers) {
  const lines: string[] = []
  const authorize = createAuthorizer(
    verifiers[name],
    { ...noRules, queryToken: true },
    (line) => lines.push(line),
    () => clock() * 1000,
  )
  // What API Gateway makes of it: a crash is none of these three.
  const ask = async (event: unknown, route: string) =>
    authorize(event).then(
      (answer) => evaluate(answer, route),
      (error: Error) => (error.message === 'Unauthorized' ? '401' : error),
    )
  return { ask, authorize, lines }
}

// REQ-64 to REQ-71, REQ-116, REQ-122
describe.each(cases)('the %s, asked by %s', (name, kind, route) => {
  test('lets a good token in', async () => {
    const { ask } = setUp(name)

    expect(await ask(sampleEvent(kind, good), route)).toBe('allowed')
  })

  test('refuses every hostile token, and writes none of it down', async () => {
    const { ask, lines } = setUp(name)
    const secrets = createSecrets()
    const refused = { denied: true, '401': true }
    const surprises: unknown[] = []
    for (const { name: token, make } of carried) {
      const text = make(forgery)
      if (text.length < 100_000) secrets.keepToken(text)
      const answer = await ask(sampleEvent(kind, text), route)
      if (!Object.hasOwn(refused, String(answer))) surprises.push([token, answer])
    }

    expect(surprises).toEqual([])
    expect(lines).toHaveLength(carried.length)
    expect(lines.filter((line) => line.includes('\n') || JSON.parse(line)['outcome'] !== 'failure')).toEqual([])
    expect(secrets.foundIn(lines.join('\n'))).toEqual([])
  })
})

// REQ-70: a good token that is not the one credential of its request.
describe.each(cases.filter(([, kind]) => !/subprotocol|query/.test(kind)))(
  'the %s, asked by %s',
  (name, kind, route) => {
    const withHeader = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(sampleEvent(kind, good)), (_, member) => (member === `Bearer ${good}` ? value : member))

    test.each([
      ['no scheme', good],
      ['Basic', `Basic ${good}`],
      ['DPoP', `DPoP ${good}`],
      ['Bearer twice', `Bearer Bearer ${good}`],
      ['a tab', `Bearer\t${good}`],
      ['a space before', ` Bearer ${good}`],
      ['a space after', `Bearer ${good} `],
      ['a line feed after', `Bearer ${good}\n`],
      ['another header after it', `Bearer ${good}\r\nX-Admin: 1`],
      ['quotes', `Bearer "${good}"`],
      ['a parameter', `Bearer token=${good}`],
      ['a second one, joined', `Bearer ${good}, Bearer ${good}`],
      ['a second token, joined', `Bearer ${good},${good}`],
      ['a second scheme, joined', `Basic YTpi, Bearer ${good}`],
      ['a no-break space', `Bearer\u00a0${good}`],
      ['a scheme that looks like it', `Вearer ${good}`],
      ['an array', [`Bearer ${good}`]],
      ['an object', { value: `Bearer ${good}` }],
      ['a number', 7],
      ['null', null],
      ['100,000 spaces', `Bearer${' '.repeat(100_000)}`],
      ['100,000 equals signs', `Bearer ${good}${'='.repeat(100_000)}!`],
    ])('refuses a header with %s', async (_, value) => {
      const { ask, lines } = setUp(name)

      expect(['denied', '401']).toContain(await ask(withHeader(value), route))
      expect(lines.join()).not.toContain(good)
    })
  },
)

/** An event with one member, at any depth, taken out or put in the place of another by anything. */
function mutate(event: unknown, path: readonly number[], value: unknown): unknown {
  const [at = 0, ...deeper] = path
  if (typeof event !== 'object' || event === null || path.length === 0) return value
  const names = Object.keys(event)
  const name = names[at % (names.length + 1)]
  if (name === undefined) return { ...event, toString: value, length: value }
  const member = (event as Readonly<Record<string, unknown>>)[name]
  return { ...event, [name]: mutate(member, deeper, value) }
}

// REQ-71, REQ-73
describe('any event', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.constantFrom(undefined, null, '', '*', [], ['Bearer abc'], Number.NaN, '2.0'),
  )
  const mutation = fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }), anything)
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 })

  test.each(cases)(
    'that began as a good one: the %s, asked by %s, knows it or refuses it',
    async (name, kind, route) => {
      const { authorize } = setUp(name)
      const before = await authorize(sampleEvent(kind, good))
      const { context } = before

      await fc.assert(
        fc.asyncProperty(mutations, async (changes) => {
          const event = changes.reduce<unknown>(
            (sum, [path, value]) => mutate(sum, path, value),
            sampleEvent(kind, good),
          )
          const answer = await authorize(event).catch((error: Error) => error.message)
          const verdict = typeof answer === 'string' ? answer : evaluate(answer, route)

          // Refused, or let in as the very same caller: for the same API and stage, or the one question of payload 2.0.
          if (verdict === 'allowed') expect([before, { isAuthorized: true, context }]).toContainEqual(answer)
          else expect(['denied', 'not mentioned', 'Unauthorized']).toContain(verdict)
        }),
        { numRuns: 150 },
      )
    },
  )
})
