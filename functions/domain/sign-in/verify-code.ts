import type { Clock } from '../clock.ts'
import type { Codes } from '../codes/codes.ts'
import { hashRecoveryCode } from '../factors/recovery-codes.ts'
import { matchTotp } from '../factors/totp.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { DecryptSecret } from './encrypted-secret.ts'
import { countWrong, factorPauses, refuse } from './factor-attempts.ts'
import type { FactorStore } from './factor-store.ts'
import type { ProofFailure, Proved, Prover, VerifyEvidence } from './prove.ts'

/** A code as it was typed. */
export type TypedCode = { readonly kind: 'totp' | 'recovery_code' | 'email_code'; readonly code: string }

type Dependencies = {
  readonly factorStore: FactorStore
  readonly decrypt: DecryptSecret
  readonly codes: Pick<Codes, 'tryCode'>
  readonly clock: Clock
}

/** Verifies the codes of an authenticator app, recovery codes and codes that were mailed. */
export function createVerifyCode(dependencies: Dependencies): VerifyEvidence<TypedCode> {
  return (prover, { kind, code }) => {
    switch (kind) {
      case 'totp':
        return verifyTotp(prover, code, dependencies)
      case 'recovery_code':
        return verifyRecoveryCode(prover, code, dependencies)
      case 'email_code':
        return verifyEmailCode(prover, code, dependencies)
    }
  }
}

// RFC 6238 section 5.2: a code is good once, so a step that was used counts as wrong.
async function verifyTotp(
  { account: { sub }, factors: { version, totp }, session }: Prover,
  code: string,
  { factorStore, decrypt, clock }: Dependencies,
): Promise<Result<Proved, ProofFailure>> {
  const now = Math.floor(clock())
  const step = totp && matchTotp(await decrypt(totp.secret, { sub }), code, now)
  const wrong = { reason: 'wrong_totp' } as const
  if (step === undefined) return countWrong(sub, wrong, now, factorStore)
  const used = await factorStore.useTotpStep({ sub, version }, { step, by: session.id }, now, factorPauses)
  return used.ok ? succeed({ proof: 'totp' }) : refuse(used.failure, sub, wrong, now, factorStore)
}

async function verifyRecoveryCode(
  { account: { sub }, factors: { version, recoveryCodes } }: Prover,
  code: string,
  { factorStore, clock }: Dependencies,
): Promise<Result<Proved, ProofFailure>> {
  const now = Math.floor(clock())
  const hash = hashRecoveryCode(code)
  const wrong = { reason: 'wrong_recovery_code' } as const
  if (hash === undefined || !recoveryCodes.includes(hash)) return countWrong(sub, wrong, now, factorStore)
  const used = await factorStore.useRecoveryCode({ sub, version }, hash, now, factorPauses)
  if (!used.ok) return refuse(used.failure, sub, wrong, now, factorStore)
  return succeed({ proof: 'recovery_code', recoveryCodesLeft: recoveryCodes.length - 1 })
}

// The code has tries of its own, and is bound to the auth session that it was mailed for.
async function verifyEmailCode(
  { authSession }: Prover,
  code: string,
  { codes }: Dependencies,
): Promise<Result<Proved, ProofFailure>> {
  const tried = await codes.tryCode('enrol', authSession, code)
  return tried.ok ? succeed({ proof: 'email_code' }) : fail({ reason: 'wrong_email_code' })
}
