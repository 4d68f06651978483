import { describe, expect, test } from '@jest/globals'
import { repeatByGet } from '../../functions/authorize/repeat-by-get.ts'
import { canonicalIdentifier } from '../../functions/domain/accounts/identifier.ts'
import { readSubject } from '../../functions/domain/accounts/subject.ts'
import { isClientId } from '../../functions/domain/clients/client.ts'
import { readClientKeys } from '../../functions/domain/clients/client-keys.ts'
import { isRedirectUri, isRegistered } from '../../functions/domain/clients/redirect-uri.ts'
import { challengeOf } from '../../functions/domain/oauth/authorization-code.ts'
import { readClientAssertion } from '../../functions/domain/oauth/client-assertion.ts'
import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { readPassword } from '../../functions/domain/passwords/password.ts'
import { readScope } from '../../functions/domain/scopes/scope.ts'
import { readRefreshToken } from '../../functions/domain/sessions/refresh-token.ts'
import { createReadIdTokenHint } from '../../functions/domain/tokens/id-token.ts'
import { readJsonBody } from '../../functions/http/api/body.ts'
import { readClientCredentials } from '../../functions/http/api/client-credentials.ts'
import { readParameters } from '../../functions/http/api/parameters.ts'
import { readAuthorizerRequest } from '../../functions/http/authorizer/authorizer-request.ts'
import { readBearerToken } from '../../functions/http/authorizer/bearer.ts'
import { readConnectToken } from '../../functions/http/authorizer/connect-token.ts'
import { createCookies } from '../../functions/http/pages/cookies.ts'
import { readFlowToken } from '../../functions/http/pages/parts/flow-link.ts'
import { defaultAccent } from '../../functions/http/pages/parts/style.ts'
import { readFields, readRequestParameters } from '../../functions/http/pages/query.ts'
import { en } from '../../functions/http/pages/texts/en.ts'
import { httpEvent } from '../support/builders/events.ts'
import { createVerifiers } from './verifiers.ts'

const { verify } = createVerifiers()
const hasher = createPasswordHasher()
const cookies = createCookies('https://auth.example.com')
const pageContext = { texts: en, serviceName: 'Latchkey', look: { accent: defaultAccent, hasLogo: false } }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Whatever reads a text that a stranger writes, with what makes it read on. */
const readers: readonly (readonly [string, string, (text: string) => unknown])[] = [
  [
    'a Content-Type',
    'application/json',
    (text) => readJsonBody(httpEvent('POST /login', { headers: { 'content-type': text } })),
  ],
  [
    'a Content-Type of forms',
    'application/json',
    (text) => readParameters(httpEvent('POST /token', { headers: { 'content-type': text } }), []),
  ],
  ['a JSON body', '{"a":"', (body) => readJsonBody(httpEvent('POST /login', { body }))],
  ['a form', 'a=', (body) => readParameters(httpEvent('POST /token', { headers: form, body }), ['a'])],
  ['an Authorization header', 'Bearer ', (authorization) => readBearerToken({ authorization })],
  ['subprotocols', 'bearer, ', (text) => readConnectToken({ headers: { 'sec-websocket-protocol': text } }, false)],
  ['a token in the query', '', (text) => readConnectToken({ queryStringParameters: { access_token: text } }, true)],
  ['the ARN of a method', 'arn:aws:execute-api:', (methodArn) => readAuthorizerRequest({ methodArn }, false)],
  ['an access token', 'e30.', verify],
  ['a refresh token', 'AAAA', readRefreshToken],
  ['a username', 'a', canonicalIdentifier],
  ['a password', 'a', readPassword],
  ['a scope', 'a', readScope],
  ['a query', 'a=', readRequestParameters],
  ['a form of a page', 'a=', (body) => readFields(httpEvent('POST /sign-in', { headers: form, body }))],
  [
    'a form that is repeated by GET',
    'a=',
    (body) => repeatByGet(pageContext, '/authorize')(httpEvent('POST /authorize', { headers: form, body })),
  ],
  ['a cookie', 'latchkey=', (cookie) => cookies.read(httpEvent('GET /consent', { headers: { cookie } }), 'sso')],
  ['cookies', '__Host-latchkey=', (cookie) => cookies.read(httpEvent('GET /consent', { cookies: [cookie] }), 'sso')],
  ['a redirect URI', 'https://a.example/', isRedirectUri],
  ['a loopback redirect URI', 'http://localhost:1', (uri) => isRegistered(['http://localhost/cb'], uri)],
  ['a private-use redirect URI', 'com.example.app:/', isRedirectUri],
  ['a flow that a page leads back to', 'a', (flow) => readFlowToken(new Map([['flow', flow]]))],
  ['a client id', 'a', isClientId],
  ['a code verifier', 'a', challengeOf],
  ['an ID token', 'e30.', createReadIdTokenHint('https://auth.example.com', new Map())],
  [
    'client credentials',
    'Basic ',
    (authorization) => readClientCredentials(httpEvent('POST /token', { headers: { authorization } }), {}),
  ],
  ['an assertion of a client', 'e30.', readClientAssertion],
  ['a key of a client', 'AAAA', (x) => readClientKeys({ keys: [{ kty: 'EC', crv: 'P-256', x, y: x, kid: x }] })],
  ['a modulus of a client', 'AAAA', (n) => readClientKeys({ keys: [{ kty: 'RSA', n, e: 'AQAB' }] })],
  ['a subject', 'a', readSubject],
  ['a stored hash', '$argon2id$v=19$', (text) => hasher.verify(readPassword('a password') ?? never(), text)],
  ['a hash of Werkzeug', 'pbkdf2:sha256:1$', (text) => hasher.verify(readPassword('a password') ?? never(), text)],
]

const never = () => {
  throw new Error('A password.')
}

const units = [
  ' ',
  '\t',
  '\n',
  ';',
  ',',
  '.',
  '=',
  '&',
  '%',
  ':',
  '$',
  '"',
  '\\',
  '\\"',
  '[',
  '{',
  '-',
  'a',
  'A',
  '0',
  ' ;',
  ' ,',
  'a ',
  'é',
  '\ud800',
]

/**
 * Whether a work takes no more than so many seconds of this process's CPU, which other work on the machine does not lengthen
 * as it does the clock's. Twice more where it took more: a collection of garbage falls into one try, a square into all.
 */
async function takesAtMost(seconds: number, work: () => unknown, tries = 3): Promise<boolean> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 <= seconds || (tries > 1 && takesAtMost(seconds, work, tries - 1))
}

// REQ-8, REQ-78: ten times what API Gateway lets a header be. Work that grew with the square of it would take many seconds.
describe('what a stranger writes is read in a time that its length bounds', () => {
  const length = 100_000

  test.each(readers)('%s', async (_, start, read) => {
    const texts = units.flatMap((unit) => {
      const many = unit.repeat(length / unit.length)
      return [many, `${start}${many}`, `${start}${many}!`]
    })
    const slow: unknown[] = []
    for (const text of texts) {
      if (!(await takesAtMost(0.5, async () => read(text)))) slow.push(text.slice(0, 30))
    }

    expect(slow).toEqual([])
  })

  test('five megabytes as an access token', async () => {
    const tokens = ['a', '.', 'e30.', '='].map((unit) => unit.repeat(5_000_000 / unit.length))

    expect(await takesAtMost(1, () => Promise.all(tokens.map(verify)))).toBe(true)
  })
})
