import type { Account } from '../accounts/account.ts'
import { type FactorKind, type Factors, kindsOf } from '../factors/factors.ts'
import type { SecondFactorPolicy } from '../setting-rules.ts'

/** What someone has proved in the course of a log-in. */
export type Proof = 'password' | 'email_code' | 'totp' | 'recovery_code' | 'passkey'

/** What is still to be proved or enrolled before a log-in is complete. */
export type NextStep =
  | { readonly kind: 'complete' }
  | { readonly kind: 'prove'; readonly factors: readonly (FactorKind | 'recovery_code' | 'email_code')[] }
  | { readonly kind: 'enrol'; readonly enrol: readonly FactorKind[] }

type Situation = {
  readonly proved: readonly Proof[]
  /** The kinds of factors that the account has. */
  readonly factors: readonly FactorKind[]
  readonly policy: SecondFactorPolicy
  /** Whether a code can be mailed to an address that the account has proved. */
  readonly isMailable: boolean
}

/** What the service asks of all accounts, and whether it sends mails. */
export type FactorRules = { readonly policy: SecondFactorPolicy; readonly canMail: boolean }

/** What is still to be proved by the owner of this account. */
export const nextStepFor = (
  { emailVerified }: Pick<Account, 'emailVerified'>,
  factors: Factors,
  proved: readonly Proof[],
  { policy, canMail }: FactorRules,
): NextStep => nextStep({ proved, factors: kindsOf(factors), policy, isMailable: canMail && emailVerified })

/**
 * The one rule of what a log-in asks for. Whoever has a factor must prove one, whatever the policy is by now. Where one is
 * required and there is none yet, it is enrolled, after a code by mail where that is possible: so a stolen password alone
 * enrols nothing (REQ-169, REQ-175).
 */
export function nextStep({ proved, factors, policy, isMailable }: Situation): NextStep {
  if (!isAccountProved(proved)) return { kind: 'prove', factors: ['passkey'] }
  if (proved.some(isStrong)) return { kind: 'complete' }
  // Without the setting nothing but recovery codes can be verified.
  if (factors.length > 0) return { kind: 'prove', factors: [...(policy === 'off' ? [] : factors), 'recovery_code'] }
  if (policy !== 'required') return { kind: 'complete' }
  if (isMailable && !proved.includes('email_code')) return { kind: 'prove', factors: ['email_code'] }
  return { kind: 'enrol', enrol: ['totp', 'passkey'] }
}

const isAccountProved = (proved: readonly Proof[]): boolean => proved.includes('password') || proved.includes('passkey')

// A passkey is two factors by itself, because its user was verified; the others come after the password.
const isStrong = (proof: Proof): boolean => proof === 'totp' || proof === 'recovery_code' || proof === 'passkey'
