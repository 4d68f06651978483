import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { ConfirmRegistration } from '../domain/accounts/confirm-registration.ts'
import type { OpenRegistration } from '../domain/accounts/open-registration.ts'
import type { Clock } from '../domain/clock.ts'
import type { RequestCode } from '../domain/mail/mail-event.ts'
import type { Throttle } from '../domain/throttling/throttle.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { type RegistrationConfirmation, type RegistrationQuestion, readMailedRequest } from './request.ts'
import { created, refused } from './response.ts'

type MailedRegisterDependencies = {
  readonly openRegistration: OpenRegistration
  readonly requestCode: RequestCode
  readonly confirmRegistration: ConfirmRegistration
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

/** POST /register and POST /register/confirm with mail: a code for the address, and a new account for the code. */
export function createMailedRegisterHandler(dependencies: MailedRegisterDependencies): Handler {
  return async (event) => {
    const request = readMailedRequest(event)
    if (!request.ok) return refused(eventOf(event), request.failure)
    return request.value.kind === 'ask'
      ? ask(event, request.value, dependencies)
      : confirm(event, request.value, dependencies)
  }
}

const eventOf = ({ routeKey }: APIGatewayProxyEventV2) =>
  routeKey === 'POST /register' ? 'registration_request' : 'user_created'

/** The response is the same for free and taken addresses and names, and so are the calls: another function looks them up. */
async function ask(
  event: APIGatewayProxyEventV2,
  { kind, uiLocales, ...registration }: RegistrationQuestion,
  { openRegistration, requestCode, throttle, readAddress, clock }: MailedRegisterDependencies,
): Promise<ApiResponse> {
  const source = readAddress(event)
  const onAddress = await throttle.reserveOnAddress(source)
  if (!onAddress.ok) return refused('registration_request', onAddress.failure)
  const opened = await openRegistration(registration)
  if (!opened.ok) return refused('registration_request', opened.failure)

  const { ticket, handle } = opened.value
  await requestCode({ kind: 'code', purpose: 'register', ...handle, ...occasionOf(event, source, clock, uiLocales) })

  return { status: 202, body: { ticket }, audit: { event: 'registration_request', outcome: 'success' } }
}

/** Counted too, because a good code tells of many names whether they are taken. */
async function confirm(
  event: APIGatewayProxyEventV2,
  { kind, ...confirmation }: RegistrationConfirmation,
  { confirmRegistration, throttle, readAddress }: MailedRegisterDependencies,
): Promise<ApiResponse> {
  const onAddress = await throttle.reserveOnAddress(readAddress(event))
  if (!onAddress.ok) return refused('user_created', onAddress.failure)
  const account = await confirmRegistration(confirmation)
  if (!account.ok) return refused('user_created', account.failure)

  return created(account.value)
}
