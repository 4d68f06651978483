import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Account } from '../domain/accounts/account.ts'
import type { Clock } from '../domain/clock.ts'
import type { Codes, WrongCode } from '../domain/codes/codes.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import type { PasswordRefusal } from '../domain/passwords/password-policy.ts'
import { type Result, succeed } from '../domain/result.ts'
import type { RecoverPassword } from '../domain/sign-in/password/recover-password.ts'
import { hashOfDevice } from '../domain/throttling/known-devices.ts'
import type { Throttle, ThrottleFailure } from '../domain/throttling/throttle.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import type { RecoveryConfirmation, RecoveryQuestion } from './request.ts'

export type RecoverDependencies = {
  readonly codes: Pick<Codes, 'open'>
  readonly requestCode: RequestCode
  readonly notify: Notify
  readonly recoverPassword: RecoverPassword
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

/** The calls are the same for everyone: another function looks the account up, and mails it. */
export async function ask(
  event: APIGatewayProxyEventV2,
  { username, deviceToken, uiLocales }: RecoveryQuestion,
  { codes, requestCode, throttle, readAddress, clock }: RecoverDependencies,
): Promise<Result<{ readonly ticket: string }, ThrottleFailure>> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return onAddress

  const { ticket, handle } = await codes.open('recover', { identifier: username })
  const device = deviceToken === undefined ? undefined : hashOfDevice(deviceToken)
  const occasion = occasionOf(event, source, clock, uiLocales)
  await requestCode({ kind: 'code', purpose: 'recover', ...handle, device, ...occasion })
  return succeed({ ticket })
}

/** An account with a new password. `told` is for the log. */
export type Recovered = { readonly account: Account; readonly told: Pick<Audit, 'notice'> }

/**
 * Counted too, because a right code has a password hashed, also where the account has changed since and none is set.
 * `uiLocales` says in which language the owner is told.
 */
export async function confirm(
  event: APIGatewayProxyEventV2,
  { ticket, code, next }: RecoveryConfirmation,
  { recoverPassword, notify, throttle, readAddress, clock }: RecoverDependencies,
  uiLocales?: string,
): Promise<Result<Recovered, ThrottleFailure | PasswordRefusal | WrongCode>> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return onAddress
  let told: Recovered['told'] = {}
  const recovered = await recoverPassword({ ticket, code, next }, async ({ sub }) => {
    told = await notify({ kind: 'passwordChanged', sub, ...occasionOf(event, source, clock, uiLocales) })
  })
  return recovered.ok ? succeed({ account: recovered.value, told }) : recovered
}

export const auditOf = ({ account: { sub }, told }: Recovered): Audit => ({
  event: 'authn_password_change',
  outcome: 'success',
  reason: 'recovery',
  sub,
  ...told,
})
