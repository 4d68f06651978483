import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import { readCredential } from '../domain/factors/credential.ts'
import type { Notice, Notify } from '../domain/mail/mail-event.ts'
import { fail, type Result } from '../domain/result.ts'
import type { ChangeFactors } from '../domain/sign-in/enrolment/change-factors.ts'
import type { Enrolled } from '../domain/sign-in/enrolment/enrol.ts'
import type { EnrolPasskey } from '../domain/sign-in/enrolment/enrol-passkey.ts'
import type { FindHolder, Holder } from '../domain/sign-in/enrolment/find-holder.ts'
import { type Body, readMember } from '../http/api/body.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ReadFactorRequest } from '../http/api/factor-caller.ts'
import {
  enrolledResponse,
  type FactorFailure,
  factorFailure,
  refusedCaller,
  refusedHolder,
} from '../http/api/factor-response.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'

/** `lifetime` is the access token's, in seconds. */
export type PasskeysDependencies = TellDependencies & {
  readonly readRequest: ReadFactorRequest
  readonly findHolder: FindHolder
  readonly enrolPasskey: EnrolPasskey
  readonly changeFactors: ChangeFactors
  readonly lifetime: number
}

export type TellDependencies = {
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

type Call = {
  readonly event: APIGatewayProxyEventV2
  readonly body: Body
  readonly holder: Holder
  readonly tell: Tell
  readonly dependencies: PasskeysDependencies
}

const routes: Readonly<Record<string, (call: Call) => Promise<ApiResponse>>> = {
  'POST /factors/passkeys': begin,
  'POST /factors/passkeys/confirm': confirm,
  'DELETE /factors/passkeys/{id}': remove,
}

/** /factors/passkeys: the enrolment of passkeys, and their removal. */
export function createPasskeysHandler(dependencies: PasskeysDependencies): Handler {
  const { readRequest, findHolder } = dependencies
  return async (event) => {
    const respond = routes[event.routeKey]
    if (!respond) throw new Error(`Unhandled route ${event.routeKey}.`)
    const request = await readRequest(event, respond === confirm)
    if (!request.ok) return factorFailure(request.failure)
    const { caller, body } = request.value
    // A log-in that waits for a factor may enrol one and do nothing else (REQ-177).
    if (caller.kind === 'log_in' && respond === remove) return factorFailure({ reason: 'no_token' })
    const holder = await findHolder(caller)
    if (!holder.ok) return factorFailure(holder.failure, refusedCaller(caller))

    return respond({ event, body, holder: holder.value, tell: tellBy(event, dependencies), dependencies })
  }
}

async function begin({ holder, dependencies: { enrolPasskey } }: Call): Promise<ApiResponse> {
  const options = await enrolPasskey.begin(holder)
  const { sub } = holder.account
  return {
    status: 200,
    body: { options },
    audit: { event: 'factor_enrol_begin', outcome: 'success', reason: 'passkey', sub },
  }
}

async function confirm({ body, holder, tell, dependencies }: Call): Promise<ApiResponse> {
  const enrolled = await confirmPasskey(body, holder, dependencies.enrolPasskey, tell)
  if (!enrolled.ok) return factorFailure(enrolled.failure, refusedHolder(holder))
  const plain = { status: 201, body: { id: enrolled.value.id }, audit: enrolledAudit(enrolled.value, holder) }
  return enrolledResponse(enrolled.value, dependencies.lifetime, plain, holder.logIn?.clientId)
}

/** Adds the passkey of a body to the account of its holder, and tells them. */
export async function confirmPasskey<Started>(
  body: Body,
  holder: Holder,
  { confirm }: EnrolPasskey<Started>,
  tell: Tell,
): Promise<Result<Enrolled<Started> & { readonly id: string }, FactorFailure>> {
  const credential = readCredential(body['credential'])
  if (!credential.ok) return fail({ reason: 'malformed_credential' })
  const name = readMember(body, 'name', readName, 'Passkey')
  if (name === undefined) return fail({ reason: 'malformed_name' })
  const { sub } = holder.account
  return confirm(holder, credential.value, name, () => tell({ kind: 'factorAdded', sub, factor: 'passkey' }))
}

export const enrolledAudit = ({ told }: Pick<Enrolled, 'told'>, { account: { sub } }: Holder): Audit => ({
  event: 'factor_enrol',
  outcome: 'success',
  reason: 'passkey',
  sub,
  ...told,
})

const maxNameLength = 64

/** A name that people give a passkey, trimmed; undefined where it is empty, too long or has control characters. */
function readName(text: string): string | undefined {
  const name = text.trim().normalize('NFC')
  const isName = name !== '' && [...name].length <= maxNameLength && name.isWellFormed() && !/\p{Cc}/u.test(name)
  return isName ? name : undefined
}

async function remove(call: Call): Promise<ApiResponse> {
  const { event, holder, tell, dependencies } = call
  const { sub } = holder.account
  const removed = await dependencies.changeFactors.remove(holder, { passkey: event.pathParameters?.['id'] ?? '' })
  if (!removed.ok) return factorFailure(removed.failure, refusedHolder(holder))
  const told = await tell({ kind: 'factorRemoved', sub, factor: 'passkey' })
  return { status: 204, audit: { event: 'factor_remove', outcome: 'success', reason: 'passkey', sub, ...told } }
}

export type Tell = (notice: Notice) => ReturnType<Notify>

/** Tells owners what a request has done. `uiLocales` is the language of the page that it came from. */
export const tellBy =
  (event: APIGatewayProxyEventV2, { notify, readAddress, clock }: TellDependencies, uiLocales?: string): Tell =>
  (notice) =>
    notify({ ...notice, ...occasionOf(event, readAddress(event), clock, uiLocales) })
