import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { FactorKind } from '../../../functions/domain/factors/factors.ts'
import { secondFactorPolicies } from '../../../functions/domain/setting-rules.ts'
import { amrOf } from '../../../functions/domain/sign-in/amr.ts'
import { nextStep, type Proof } from '../../../functions/domain/sign-in/next-step.ts'

const proofs: readonly Proof[] = ['password', 'email_code', 'totp', 'recovery_code', 'passkey']
const kinds: readonly FactorKind[] = ['totp', 'passkey']
const situations = fc.record({
  proved: fc.subarray([...proofs]),
  factors: fc.subarray([...kinds]),
  policy: fc.constantFrom(...secondFactorPolicies),
  isMailable: fc.boolean(),
})

describe('a step of a log-in', () => {
  test.each([
    ['nothing yet', [], [], 'optional', { kind: 'prove', factors: ['passkey'] }],
    ['the password', ['password'], [], 'off', { kind: 'complete' }],
    ['the password', ['password'], [], 'optional', { kind: 'complete' }],
    ['the password', ['password'], [], 'required', { kind: 'enrol', enrol: ['totp', 'passkey'] }],
    ['the password', ['password'], ['totp'], 'optional', { kind: 'prove', factors: ['totp', 'recovery_code'] }],
    ['the password', ['password'], ['passkey'], 'required', { kind: 'prove', factors: ['passkey', 'recovery_code'] }],
    ['the password', ['password'], ['totp'], 'off', { kind: 'prove', factors: ['recovery_code'] }],
    ['a passkey', ['passkey'], ['totp', 'passkey'], 'required', { kind: 'complete' }],
    ['password and code', ['password', 'totp'], ['totp'], 'required', { kind: 'complete' }],
  ] as const)('after %s (%j, factors %j, %s) is %j', (_, proved, factors, policy, next) => {
    expect(nextStep({ proved, factors, policy, isMailable: false })).toEqual(next)
  })

  test('is a code by mail before a factor is enrolled, where one can be mailed', () => {
    const situation = { factors: [], policy: 'required', isMailable: true } as const

    expect(nextStep({ ...situation, proved: ['password'] })).toEqual({ kind: 'prove', factors: ['email_code'] })
    expect(nextStep({ ...situation, proved: ['password', 'email_code'] })).toMatchObject({ kind: 'enrol' })
  })

  // REQ-169
  test('is never the last one before everything was proved that account and settings ask for', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        fc.pre(nextStep(situation).kind === 'complete')
        const { proved, factors, policy } = situation
        const isStrong = proved.some((proof) => ['totp', 'recovery_code', 'passkey'].includes(proof))

        expect(proved.includes('password') || proved.includes('passkey')).toBe(true)
        expect(isStrong || (factors.length === 0 && policy !== 'required')).toBe(true)
      }),
      { seed: 15, numRuns: 2000 },
    )
  })

  test('asks for nothing that cannot be proved, and comes to an end', () => {
    fc.assert(
      fc.property(situations, ({ proved: _, ...situation }) => {
        fc.pre(situation.policy !== 'off')
        let proved: readonly Proof[] = ['password']
        let { factors }: { factors: readonly FactorKind[] } = situation
        for (let steps = 0; steps < 4; steps += 1) {
          const next = nextStep({ ...situation, factors, proved })
          if (next.kind === 'complete') return true
          if (next.kind === 'enrol') factors = ['totp']
          proved = [...proved, next.kind === 'enrol' ? 'totp' : (next.factors[0] ?? 'totp')]
        }
        return false
      }),
      { seed: 15, numRuns: 500 },
    )
  })
})

// REQ-176
test('amr says what was proved, and mfa only after two factors', () => {
  fc.assert(
    fc.property(fc.subarray([...proofs]), (proved) => {
      const amr = amrOf(proved)

      expect(amr.includes('pwd')).toBe(proved.includes('password'))
      expect(amr.includes('otp')).toBe(proved.includes('totp') || proved.includes('recovery_code'))
      expect(amr.includes('user')).toBe(proved.includes('passkey'))
      expect(amr.includes('mfa')).toBe(amr.includes('otp') || amr.includes('pop'))
    }),
    { seed: 15, numRuns: 200 },
  )
})
