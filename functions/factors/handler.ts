import type { ChangeFactors } from '../domain/sign-in/enrolment/change-factors.ts'
import type { Enrolled } from '../domain/sign-in/enrolment/enrol.ts'
import type { EnrolTotp } from '../domain/sign-in/enrolment/enrol-totp.ts'
import type { FindHolder, Holder } from '../domain/sign-in/enrolment/find-holder.ts'
import { readString } from '../http/api/body.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { FactorRequest, ReadFactorRequest } from '../http/api/factor-caller.ts'
import { enrolledResponse, factorFailure, refusedCaller, refusedHolder } from '../http/api/factor-response.ts'
import { viewFactors } from '../http/api/factor-view.ts'
import type { ApiResponse } from '../http/api/response.ts'
import { type Tell, type TellDependencies, tellBy } from './tell.ts'

/** `drawQr` draws a QR code as SVG; `lifetime` is the access token's, in seconds. */
type FactorsDependencies = TellDependencies & {
  readonly readRequest: ReadFactorRequest
  readonly findHolder: FindHolder
  readonly enrolTotp: EnrolTotp
  readonly changeFactors: ChangeFactors
  readonly drawQr: (uri: string) => string
  readonly lifetime: number
}

type Call = {
  readonly request: FactorRequest
  readonly holder: Holder
  readonly tell: Tell
  readonly dependencies: FactorsDependencies
}

/** The routes, and what each does. Only the confirmation of a code is a try. */
const routes: Readonly<Record<string, (call: Call) => Promise<ApiResponse>>> = {
  'GET /factors': list,
  'POST /factors/totp': beginTotp,
  'POST /factors/totp/confirm': confirmTotp,
  'DELETE /factors/totp': removeTotp,
  'POST /factors/recovery-codes': renewRecoveryCodes,
}

/** /factors: the second factors of the caller, and the enrolment of an authenticator app. */
export function createFactorsHandler(dependencies: FactorsDependencies): Handler {
  const { readRequest, findHolder } = dependencies
  return async (event) => {
    const respond = routes[event.routeKey]
    if (!respond) throw new Error(`Unhandled route ${event.routeKey}.`)
    const request = await readRequest(event, respond === confirmTotp)
    if (!request.ok) return factorFailure(request.failure)
    const { caller } = request.value
    // A log-in that waits for a factor may enrol one and do nothing else (REQ-177).
    const isForLogIns = respond === beginTotp || respond === confirmTotp
    if (caller.kind === 'log_in' && !isForLogIns) return factorFailure({ reason: 'no_token' })
    const holder = await findHolder(caller)
    if (!holder.ok) return factorFailure(holder.failure, refusedCaller(caller))

    return respond({ request: request.value, holder: holder.value, tell: tellBy(event, dependencies), dependencies })
  }
}

async function list({ holder: { account, factors } }: Call): Promise<ApiResponse> {
  const audit = { event: 'factor_list', outcome: 'success', sub: account.sub } as const
  return { status: 200, body: { factors: viewFactors(factors) }, audit }
}

async function beginTotp({ holder, dependencies: { enrolTotp, drawQr } }: Call): Promise<ApiResponse> {
  const { secret, uri } = await enrolTotp.begin(holder)
  const audit = { event: 'factor_enrol_begin', outcome: 'success', reason: 'totp', sub: holder.account.sub } as const
  return { status: 200, body: { secret, uri, qr: drawQr(uri) }, audit }
}

async function confirmTotp(call: Call): Promise<ApiResponse> {
  const { request, holder, tell, dependencies } = call
  const { sub } = holder.account
  const code = readString(request.body, 'code')
  if (code === undefined) return factorFailure({ reason: 'malformed_code' }, refusedHolder(holder))
  const tellOfApp = () => tell({ kind: 'factorAdded', sub, factor: 'totp' })
  const enrolled = await dependencies.enrolTotp.confirm(holder, code, tellOfApp)
  if (!enrolled.ok) return factorFailure(enrolled.failure, refusedHolder(holder))
  return confirmed(enrolled.value, holder, dependencies.lifetime)
}

function confirmed(enrolled: Enrolled, { account: { sub }, logIn }: Holder, lifetime: number): ApiResponse {
  const audit = { event: 'factor_enrol', outcome: 'success', reason: 'totp', sub, ...enrolled.told } as const
  return enrolledResponse(enrolled, lifetime, { status: 200, body: {}, audit }, logIn?.clientId)
}

async function removeTotp(call: Call): Promise<ApiResponse> {
  const { holder, tell, dependencies } = call
  const { sub } = holder.account
  const removed = await dependencies.changeFactors.remove(holder, 'totp')
  if (!removed.ok) return factorFailure(removed.failure, refusedHolder(holder))
  const told = await tell({ kind: 'factorRemoved', sub, factor: 'totp' })
  return { status: 204, audit: { event: 'factor_remove', outcome: 'success', reason: 'totp', sub, ...told } }
}

async function renewRecoveryCodes(call: Call): Promise<ApiResponse> {
  const { holder, tell, dependencies } = call
  const { sub } = holder.account
  const codes = await dependencies.changeFactors.renewRecoveryCodes(holder)
  if (!codes.ok) return factorFailure(codes.failure, refusedHolder(holder))
  const told = await tell({ kind: 'factorAdded', sub, factor: 'recovery_codes' })
  const audit = { event: 'factor_enrol', outcome: 'success', reason: 'recovery_codes', sub, ...told } as const
  return { status: 200, body: { recovery_codes: codes.value }, audit }
}
