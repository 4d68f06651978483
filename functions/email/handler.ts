import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { changedAddresses } from '../domain/accounts/account.ts'
import type { ConfirmAddress } from '../domain/accounts/confirm-address.ts'
import type { Clock } from '../domain/clock.ts'
import type { Codes, WrongCode } from '../domain/codes/codes.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import type { FindLiveSession, LiveSessionFailure, SessionCaller } from '../domain/sessions/live-session.ts'
import type { OwnerFailure, VerifyOwner } from '../domain/sign-in/verify-owner.ts'
import { factorNeeded } from '../http/api/bearer-error.ts'
import { readSessionCaller } from '../http/api/caller.ts'
import type { Handler } from '../http/api/endpoint.ts'
import {
  bodyError,
  invalidCode,
  invalidRequest,
  malformedPassword,
  notFirstParty,
  type OAuthError,
  oauthError,
  sessionEnded,
  tooManyRequests,
} from '../http/api/oauth-error.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import {
  type AddressConfirmation,
  type AddressQuestion,
  type EmailRequestFailure,
  readEmailRequest,
} from './request.ts'

type EmailDependencies = {
  readonly verifyOwner: VerifyOwner
  readonly codes: Pick<Codes, 'open'>
  readonly requestCode: RequestCode
  readonly findLiveSession: FindLiveSession
  readonly confirmAddress: ConfirmAddress
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

/** POST /email and POST /email/confirm: a code to the caller's new address, and the change of address for the code. */
export function createEmailHandler(dependencies: EmailDependencies): Handler {
  return async (event) => {
    const caller = readSessionCaller(event)
    const request = readEmailRequest(event)
    if (!request.ok) return refused('address_change_request', request.failure, caller)
    return request.value.kind === 'ask'
      ? ask(event, caller, request.value, dependencies)
      : confirm(event, caller, request.value, dependencies)
  }
}

/** The response is the same for every address, and so are the calls: another function looks it up, and mails it. */
async function ask(
  event: APIGatewayProxyEventV2,
  caller: SessionCaller,
  { email, current, sent, uiLocales }: AddressQuestion,
  { verifyOwner, codes, requestCode, readAddress, clock }: EmailDependencies,
): Promise<ApiResponse> {
  const source = readAddress(event)
  const owner = await verifyOwner({ ...caller, current, sent, address: source })
  if (!owner.ok) return refused('address_change_request', owner.failure, caller)

  const { sub } = caller
  const { ticket, handle } = await codes.open('email', { sub, epoch: owner.value.epoch, address: email })
  await requestCode({ kind: 'code', purpose: 'email', ...handle, ...occasionOf(event, source, clock, uiLocales) })

  return { status: 202, body: { ticket }, audit: { event: 'address_change_request', outcome: 'success', sub } }
}

async function confirm(
  event: APIGatewayProxyEventV2,
  caller: SessionCaller,
  { ticket, code }: AddressConfirmation,
  { findLiveSession, confirmAddress, notify, readAddress, clock }: EmailDependencies,
): Promise<ApiResponse> {
  const live = await findLiveSession(caller)
  if (!live.ok) return refused('user_updated', live.failure, caller)
  const { sub } = caller
  const confirmed = await confirmAddress({ sub, ticket, code })
  if (!confirmed.ok) return refused('user_updated', confirmed.failure, caller)

  const occasion = occasionOf(event, readAddress(event), clock)
  const addresses = changedAddresses(confirmed.value)
  const told = await Promise.all(addresses.map((to) => notify({ kind: 'addressChanged', sub, to, ...occasion })))
  return {
    status: 204,
    audit: { event: 'user_updated', outcome: 'success', reason: 'address', sub, ...told.find(({ notice }) => notice) },
  }
}

type Failure = EmailRequestFailure | OwnerFailure | LiveSessionFailure | WrongCode

function refused(event: string, failure: Failure, { sub }: SessionCaller): ApiResponse {
  // Logged as a lock like that of a log-in.
  const name = 'retryAfter' in failure ? 'authn_login_lock' : event
  return oauthError(emailError(failure), { event: name, outcome: 'failure', reason: failure.reason, sub })
}

const malformedEmail = invalidRequest(
  'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.',
)

const wrongPassword: OAuthError = { status: 400, error: 'invalid_grant', description: 'The password is wrong.' }

function emailError(failure: Failure): OAuthError {
  switch (failure.reason) {
    case 'malformed_email':
      return malformedEmail
    case 'malformed_password':
      return malformedPassword('password')
    case 'malformed_member':
      return invalidRequest(`${failure.name} must be a string.`)
    case 'account_locked':
    case 'address_limited':
      return tooManyRequests(failure.retryAfter)
    case 'wrong_password':
      return wrongPassword
    case 'wrong_code':
      return invalidCode
    case 'user_disabled':
    case 'user_gone':
    case 'unknown_session':
    case 'session_expired':
    case 'session_ended':
      return sessionEnded
    case 'third_party':
      return notFirstParty
    case 'factor_needed':
      return factorNeeded()
    case 'unsupported_media_type':
    case 'compressed_body':
    case 'body_too_long':
    case 'malformed_body':
      return bodyError(failure)
  }
}
