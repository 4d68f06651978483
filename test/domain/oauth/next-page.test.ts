import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Amr } from '../../../functions/domain/authentication.ts'
import type { Prompt } from '../../../functions/domain/oauth/authorization-request.ts'
import { nextPage, type Situation } from '../../../functions/domain/oauth/next-page.ts'

const now = 1_800_000_000

const ssoOf = (authTime: number, amr: readonly Amr[], id: string, sub: string) => ({
  ...{
    id,
    signIn: `${id} signed in`,
    sub,
    epoch: 0,
    authTime,
    amr,
    createdAt: authTime,
    lastUsedAt: authTime,
    isKept: false,
    barred: [],
  },
})

const prompts: readonly (readonly Prompt[])[] = [
  [],
  ['none'],
  ['login'],
  ['consent'],
  ['select_account'],
  ['login', 'consent'],
]

const situations: fc.Arbitrary<Situation> = fc
  .record({
    prompt: fc.constantFrom(...prompts),
    maxAge: fc.option(fc.constantFrom(0, 60, 3600), { nil: undefined }),
    acr: fc.constantFrom(undefined, 'pwd' as const, 'mfa' as const),
    redirectUri: fc.constantFrom('https://a.example/', 'http://localhost/', 'com.example.app:/'),
    authMethod: fc.constantFrom('none' as const, 'client_secret_basic' as const),
    isFirstParty: fc.boolean(),
    expectedSub: fc.constantFrom(undefined, 'ada', 'eve'),
    sso: fc.option(
      fc.record({
        age: fc.constantFrom(0, 10, 600, 7200),
        amr: fc.constantFrom<readonly Amr[]>(['pwd'], ['pwd', 'otp', 'mfa']),
        isFormer: fc.boolean(),
      }),
      { nil: undefined },
    ),
    reachable: fc.constantFrom('pwd' as const, 'mfa' as const),
    consent: fc.constantFrom('now' as const, 'before' as const, 'missing' as const),
    flowAge: fc.constantFrom(0, 300),
  })
  .map(({ prompt, maxAge, acr, redirectUri, authMethod, isFirstParty, expectedSub, sso, flowAge, ...rest }) => ({
    ...rest,
    now,
    sso: sso && ssoOf(now - sso.age, sso.amr, sso.isFormer ? 'former' : 'new', 'ada'),
    flow: {
      request: {
        ...{ clientId: 'app', redirectUri, responseMode: 'query', scope: ['openid'], prompt, maxAge, acr },
      } as const,
      client: { id: 'app', name: undefined, registration: 'r', isFirstParty, authMethod },
      createdAt: now - flowAge,
      formerSignIn: 'former signed in',
      expectedSub,
    },
  }))

const check = (holds: (situation: Situation, kind: string) => boolean) =>
  fc.assert(
    fc.property(situations, (situation) => {
      expect(holds(situation, nextPage(situation).kind)).toBe(true)
    }),
    { seed: 1, numRuns: 3000 },
  )

const implies = (condition: boolean, then: boolean): boolean => !condition || then

describe('what comes next in a flow', () => {
  // REQ-182
  test('is never a page with prompt=none', () => {
    check(({ flow }, kind) => implies(flow.request.prompt.includes('none'), kind === 'code' || kind === 'error'))
  })

  test('is a code only for somebody who is signed in, as the expected person, and allowed it', () => {
    check(({ flow, sso, consent }, kind) =>
      implies(
        kind === 'code',
        sso !== undefined &&
          (flow.expectedSub === undefined || flow.expectedSub === sso.sub) &&
          (consent === 'now' || consent === 'before' || flow.client.isFirstParty),
      ),
    )
  })

  // REQ-183
  test('is a code only after consent just now where it was asked for, or any app could be the client', () => {
    check(({ flow: { request, client }, consent }, kind) => {
      const isImpersonable = client.authMethod === 'none' && !request.redirectUri.startsWith('https:')
      return implies(kind === 'code' && (isImpersonable || request.prompt.includes('consent')), consent === 'now')
    })
  })

  // REQ-176, REQ-182
  test('is a code only for a sign-in of this flow, or one that is recent enough for it', () => {
    check(({ flow, sso }, kind) => {
      const { prompt, maxAge = Number.POSITIVE_INFINITY } = flow.request
      const isOfFlow = sso !== undefined && sso.signIn !== flow.formerSignIn && sso.authTime >= flow.createdAt
      const mayBeOld = !prompt.includes('login') && !prompt.includes('select_account')
      return implies(kind === 'code', isOfFlow || (mayBeOld && now - Number(sso?.authTime) <= maxAge))
    })
  })

  test('is a second factor where one was asked for, is missing, and can be proved', () => {
    check(({ flow, sso, reachable }, kind) => {
      const isMissing = flow.request.acr === 'mfa' && !sso?.amr.includes('mfa')
      return (
        implies(kind === 'step_up', isMissing && reachable === 'mfa') &&
        implies(kind === 'code' && isMissing, reachable === 'pwd')
      )
    })
  })
})
