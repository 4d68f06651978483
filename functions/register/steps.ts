import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Account } from '../domain/accounts/account.ts'
import type { ConfirmRegistration, ConfirmRegistrationFailure } from '../domain/accounts/confirm-registration.ts'
import type { CreateAccount, CreateAccountFailure } from '../domain/accounts/create-account.ts'
import type { OpenRegistration } from '../domain/accounts/open-registration.ts'
import type { Clock } from '../domain/clock.ts'
import type { RequestCode } from '../domain/mail/mail-event.ts'
import type { PasswordRefusal } from '../domain/passwords/password-policy.ts'
import { type Result, succeed } from '../domain/result.ts'
import type { Throttle, ThrottleFailure } from '../domain/throttling/throttle.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import type { RegisterRequest, RegistrationConfirmation, RegistrationQuestion } from './request.ts'

type Counting = {
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
}

export type RegisterDependencies = Counting & { readonly createAccount: CreateAccount }

export type MailedRegisterDependencies = Counting & {
  readonly openRegistration: OpenRegistration
  readonly requestCode: RequestCode
  readonly confirmRegistration: ConfirmRegistration
  readonly clock: Clock
}

/** Without mail: a new account without any scope. Administrators grant scopes. */
export async function register(
  event: APIGatewayProxyEventV2,
  request: RegisterRequest,
  { createAccount, throttle, readAddress }: RegisterDependencies,
): Promise<Result<Account, ThrottleFailure | CreateAccountFailure>> {
  const onAddress = await throttle.reserveOnAddress(readAddress(event))
  return onAddress.ok ? createAccount({ ...request, scope: [] }) : onAddress
}

/** The calls are the same for free and taken addresses and names: another function looks them up. */
export async function ask(
  event: APIGatewayProxyEventV2,
  { kind, uiLocales, ...registration }: RegistrationQuestion,
  { openRegistration, requestCode, throttle, readAddress, clock }: MailedRegisterDependencies,
): Promise<Result<{ readonly ticket: string }, ThrottleFailure | PasswordRefusal>> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return onAddress
  const opened = await openRegistration(registration)
  if (!opened.ok) return opened

  const { ticket, handle } = opened.value
  await requestCode({ kind: 'code', purpose: 'register', ...handle, ...occasionOf(event, source, clock, uiLocales) })
  return succeed({ ticket })
}

/** Counted too, because a good code tells of many names whether they are taken. */
export async function confirm(
  event: APIGatewayProxyEventV2,
  { kind, ...confirmation }: RegistrationConfirmation,
  { confirmRegistration, throttle, readAddress }: MailedRegisterDependencies,
): Promise<Result<Account, ThrottleFailure | ConfirmRegistrationFailure>> {
  const onAddress = await throttle.reserveOnAddress(readAddress(event))
  return onAddress.ok ? confirmRegistration(confirmation) : onAddress
}
