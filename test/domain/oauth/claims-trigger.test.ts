import { describe, expect, test } from '@jest/globals'
import type { Account } from '../../../functions/domain/accounts/account.ts'
import { claimsEvent, readOwnersClaims } from '../../../functions/domain/oauth/claims-trigger.ts'

const account: Account = {
  ...{ sub: 's', identifiers: ['ada', 'ada@example.com'], emailVerified: true },
  ...{ scope: ['a', 'b'], disabled: false, createdAt: 1 },
}
const question = { sub: 's', clientId: 'web', scope: ['a', 'b'], groups: ['admin'], occasion: 'log_in' } as const

/** What the hook's answer comes to, of which this is the `accessTokenGeneration`. */
const readAccess = (accessTokenGeneration: unknown, more: object = {}) =>
  read({ claimsAndScopeOverrideDetails: { accessTokenGeneration, ...more } })
const read = (response: unknown) => readOwnersClaims(JSON.parse(JSON.stringify({ version: '2', response })), question)
const add = (claimsToAddOrOverride: unknown, claimsToSuppress?: unknown) =>
  readAccess({ claimsToAddOrOverride, claimsToSuppress })
const refused = (reason: string) => ({ ok: false, failure: { reason } })
const nothing = { ok: true, value: { claims: undefined, scope: ['a', 'b'] } }

describe("the event is that of Cognito's pre-token-generation trigger", () => {
  test('at a log-in', () => {
    expect(claimsEvent(question, account, 'eu-central-1')).toEqual({
      version: '2',
      triggerSource: 'TokenGeneration_Authentication',
      region: 'eu-central-1',
      userPoolId: 'eu-central-1_Latchkey',
      userName: 'ada',
      callerContext: { awsSdkVersion: 'latchkey', clientId: 'web' },
      request: {
        userAttributes: {
          sub: 's',
          'cognito:user_status': 'CONFIRMED',
          email: 'ada@example.com',
          email_verified: 'true',
        },
        groupConfiguration: { groupsToOverride: ['admin'], iamRolesToOverride: [], preferredRole: null },
        scopes: ['a', 'b'],
        clientMetadata: {},
      },
      response: { claimsAndScopeOverrideDetails: null },
    })
  })

  test.each([
    ['code', 'TokenGeneration_HostedAuth'],
    ['refresh', 'TokenGeneration_RefreshTokens'],
  ] as const)('at a %s', (occasion, triggerSource) => {
    expect(claimsEvent({ ...question, occasion }, account, 'eu-central-1')).toMatchObject({ triggerSource })
  })

  test('says nothing of an address or groups where there are none', () => {
    const bare = { ...account, identifiers: ['ada'] }
    const { request } = claimsEvent({ ...question, groups: undefined }, bare, 'eu-central-1')

    expect(request.userAttributes).toEqual({ sub: 's', 'cognito:user_status': 'CONFIRMED' })
    expect(request.groupConfiguration.groupsToOverride).toEqual([])
  })
})

describe('an answer', () => {
  test.each<[string, unknown]>([
    ['unchanged', { claimsAndScopeOverrideDetails: null }],
    ['with an empty list, as in an example of Cognito', { claimsAndScopeOverrideDetails: [] }],
    ['without anything', {}],
    [
      'only about ID tokens',
      { claimsAndScopeOverrideDetails: { idTokenGeneration: { claimsToAddOrOverride: { a: 1 } } } },
    ],
    [
      'with empty members',
      { claimsOverrideDetails: null, claimsAndScopeOverrideDetails: { accessTokenGeneration: null } },
    ],
  ])('adds nothing: %s', (_, response) => {
    expect(read(response)).toEqual(nothing)
  })

  test.each<[unknown, string]>([
    [{ tenant: 't-1' }, '{"tenant":"t-1"}'],
    [{ seats: 5, beta: true, ratio: 0.5 }, '{"seats":5,"beta":true,"ratio":0.5}'],
    [{ plan: { name: 'pro', features: ['a', { b: null }] } }, '{"plan":{"name":"pro","features":["a",{"b":null}]}}'],
    [
      { 'https://example.com/roles': ['x'], 'custom:tenant': 'é"\\' },
      '{"https://example.com/roles":["x"],"custom:tenant":"é\\"\\\\"}',
    ],
    [{ tenant: 't-1', gone: null }, '{"tenant":"t-1"}'],
    [{ toString: 1, constructor: 2 }, '{"toString":1,"constructor":2}'],
  ])('adds claims of every JSON value: %j', (claims, json) => {
    expect(add(claims)).toEqual({ ok: true, value: { claims: json, scope: ['a', 'b'] } })
  })

  test('leaves out what it adds and suppresses, and there is nothing else to suppress', () => {
    expect(add({ tenant: 't', plan: 'p' }, ['plan', 'unknown'])).toMatchObject({ value: { claims: '{"tenant":"t"}' } })
    expect(add({ plan: 'p' }, ['plan'])).toEqual(nothing)
  })

  test('takes scopes away, and adds none', () => {
    expect(readAccess({ scopesToSuppress: ['b', 'unknown'] })).toMatchObject({ value: { scope: ['a'] } })
    expect(readAccess({ scopesToSuppress: ['a', 'b'] })).toMatchObject({ value: { scope: [] } })
    expect(readAccess({ scopesToAdd: ['a'] })).toEqual(nothing)
    for (const scope of ['c', 'openid', 'aws.cognito.signin.user.admin'])
      expect(readAccess({ scopesToAdd: ['a', scope] })).toEqual(refused('scope_added'))
  })

  test('may repeat the groups, and change none', () => {
    const overriding = (groupOverrideDetails: unknown) => readAccess({}, { groupOverrideDetails })

    expect(overriding({ groupsToOverride: ['admin'], iamRolesToOverride: [], preferredRole: '' })).toEqual(nothing)
    expect(overriding(null)).toEqual(nothing)
    for (const groupsToOverride of [['admin', 'root'], [], ['root'], 'admin', undefined, null, { 0: 'admin' }])
      expect(overriding({ groupsToOverride })).toEqual(refused('groups_overridden'))
    expect(overriding('admin')).toEqual(refused('groups_overridden'))
  })
})

// DESIGN 4, RFC 7519 section 4.1, and what else a verifier may go by.
const reserved = [
  ...['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'sid', 'scope', 'auth_time', 'amr', 'acr', 'groups'],
  ...['nbf', 'azp', 'nonce', 'at_hash', 'c_hash', 'cnf', 'act', 'may_act', 'authorization_details'],
]

describe('an answer is refused as a whole', () => {
  test.each(reserved)('for the reserved claim %s, added or suppressed', (name) => {
    expect(add({ tenant: 't', [name]: 'x' })).toEqual(refused('reserved_claim'))
    expect(add({ [name]: null })).toEqual(refused('reserved_claim'))
    expect(add({ tenant: 't' }, [name])).toEqual(refused('reserved_claim'))
  })

  test('for a claim that would change what an object is', () => {
    const response =
      '{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"__proto__":{"sub":"eve"}}}}}'

    expect(readOwnersClaims({ response: JSON.parse(response) }, question)).toEqual(refused('reserved_claim'))
  })

  test.each(['', 'with space', 'quote"', 'back\\slash', 'é', 'line\n', 'n'.repeat(129)])(
    'for the name of a claim %j',
    (name) => {
      expect(add({ [name]: 1 })).toEqual(refused('malformed_claim'))
    },
  )

  test('for more than 2 KB of claims, counted in bytes', () => {
    const sized = (bytes: number) => add({ c: 'x'.repeat(bytes - '{"c":""}'.length) })

    expect(sized(2048)).toMatchObject({ ok: true })
    expect(sized(2049)).toEqual(refused('too_large'))
    expect(add({ c: 'é'.repeat(1021) })).toEqual(refused('too_large'))
    expect(add(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`c${index}`, 1])))).toEqual(
      refused('too_large'),
    )
    // What is suppressed is not counted.
    expect(add({ c: 'x'.repeat(3000), tenant: 't' }, ['c'])).toMatchObject({ ok: true })
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'ok'],
    ['a list', []],
    ['a number', 7],
    ['an object without a response', {}],
    ['a text as the response', { response: 'ok' }],
    ['a list as the response', { response: [] }],
    ['a text as the details', { response: { claimsAndScopeOverrideDetails: 'x' } }],
    ['a full list as the details', { response: { claimsAndScopeOverrideDetails: [{}] } }],
  ])('for %s', (_, answer) => {
    expect(readOwnersClaims(answer, question)).toEqual(refused('malformed_response'))
  })

  test.each<[string, unknown]>([
    ['a text as the claims', { claimsToAddOrOverride: 'tenant' }],
    ['a list as the claims', { claimsToAddOrOverride: ['tenant'] }],
    ['a text as what is suppressed', { claimsToSuppress: 'tenant' }],
    ['a number among what is suppressed', { claimsToSuppress: [1] }],
    ['a text as the scopes to add', { scopesToAdd: 'a' }],
    ['an object as the scopes to suppress', { scopesToSuppress: { a: true } }],
    ['a text', 'x'],
  ])('for %s', (_, access) => {
    expect(readAccess(access)).toEqual(refused('malformed_response'))
  })

  test('for the form of version 1, which says nothing about access tokens', () => {
    expect(read({ claimsOverrideDetails: { claimsToAddOrOverride: { tenant: 't' } } })).toEqual(
      refused('older_response'),
    )
  })
})
