import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SsoSession } from '../domain/sessions/sso-session.ts'
import type { ChangeFactors } from '../domain/sign-in/enrolment/change-factors.ts'
import type { EnrolTotp } from '../domain/sign-in/enrolment/enrol-totp.ts'
import type { FindHolder, Holder } from '../domain/sign-in/enrolment/find-holder.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { viewFactors } from '../http/api/factor-view.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { newAppBody, recoveryCodesBody } from '../http/pages/enrolment-pages.ts'
import { factorsPage } from '../http/pages/factors-page.ts'
import { accountField, type OwnPageDependencies, ownPage, readOwnForm, readVisitor } from '../http/pages/own-page.ts'
import { redirect } from '../http/pages/page.ts'
import { markup } from '../http/pages/parts/html.ts'
import { type Tell, type TellDependencies, tellBy } from './tell.ts'

export type AccountFactorsDependencies = OwnPageDependencies &
  TellDependencies & {
    readonly findHolder: FindHolder<SsoSession>
    readonly enrolTotp: EnrolTotp
    readonly changeFactors: ChangeFactors
    readonly drawQr: (uri: string) => string
  }

type Call = {
  readonly event: APIGatewayProxyEventV2
  readonly holder: Holder
  readonly form: ReadonlyMap<string, string>
  readonly tell: Tell
  readonly dependencies: AccountFactorsDependencies
}

const path = '/account/factors'

const forms: Readonly<Record<string, (call: Call) => ApiResponse | Promise<ApiResponse>>> = {
  [`POST ${path}/totp`]: beginTotp,
  [`POST ${path}/totp/confirm`]: confirmTotp,
  [`POST ${path}/totp/remove`]: (call) => remove(call, 'totp'),
  [`POST ${path}/passkeys/remove`]: (call) => remove(call, { passkey: call.form.get('id') ?? '' }),
  [`POST ${path}/recovery-codes`]: renewRecoveryCodes,
}

/** /account/factors: the second factors of who is signed in, after a fresh log-in. */
export function createAccountFactors(dependencies: AccountFactorsDependencies): Handler {
  const { findHolder } = dependencies
  const withHolder = async (sso: SsoSession, respond: (holder: Holder) => ApiResponse | Promise<ApiResponse>) => {
    const holder = await findHolder({ kind: 'session', ...sso })
    return holder.ok ? respond(holder.value) : signInAgain(holder.failure.reason, sso.sub)
  }
  return async (event) => {
    if (event.routeKey === `GET ${path}`) {
      const visitor = await readVisitor(event, path, dependencies)
      if (!visitor.ok) return visitor.failure
      return withHolder(visitor.value.sso, (holder) => list(holder, {}, dependencies))
    }
    const respond = forms[event.routeKey]
    if (!respond) throw new Error(`Unhandled route ${event.routeKey}.`)
    const read = await readOwnForm(event, path, dependencies)
    if (!read.ok) return read.failure
    const { signedIn, form } = read.value
    const tell = tellBy(event, dependencies, dependencies.context.texts.language)
    return withHolder(signedIn.sso, (holder) => respond({ event, holder, form, tell, dependencies }))
  }
}

/** Through the sign-in and back: it asks for what is missing, a fresh log-in or a factor, or for nothing at all. */
const signInAgain = (reason: string, sub: string): ApiResponse => redirect(`/sign-in?to=${path}`, failed(reason, sub))

type Problem = { readonly problem?: string; readonly audit?: Audit }

function list(holder: Holder, { problem, audit }: Problem, { context }: AccountFactorsDependencies): ApiResponse {
  const { account, factors } = holder
  const listed = { event: 'factor_list', outcome: 'success', sub: account.sub } as const
  const shown = { holder, factors: viewFactors(factors), problem }
  return factorsPage(context, shown, { ...(audit && { status: 400 }), audit: audit ?? listed })
}

async function beginTotp({ holder, dependencies }: Call): Promise<ApiResponse> {
  const begun = await dependencies.enrolTotp.begin(holder)
  const { sub } = holder.account
  const audit = { event: 'factor_enrol_begin', outcome: 'success', reason: 'totp', sub } as const
  return newApp(holder, begun, {}, audit, dependencies)
}

function newApp(
  holder: Holder,
  { secret, uri }: { readonly secret: string; readonly uri: string },
  { problem }: Problem,
  audit: Audit,
  { context, drawQr }: AccountFactorsDependencies,
): ApiResponse {
  const { texts } = context
  const shown = { secret, qr: drawQr(uri), action: `${path}/totp/confirm`, fields: accountField(holder), problem }
  const body = markup`${newAppBody(texts, shown)}\n${backToList(texts.toSecondFactors)}`
  return ownPage(context, { title: texts.setUpApp, body }, { ...(problem !== undefined && { status: 400 }), audit })
}

const backToList = (label: string) => markup`<p><a href="${path}">${label}</a></p>`

async function confirmTotp(call: Call): Promise<ApiResponse> {
  const { holder, form, tell, dependencies } = call
  const { sub } = holder.account
  const told = () => tell({ kind: 'factorAdded', sub, factor: 'totp' })
  const enrolled = await dependencies.enrolTotp.confirm(holder, form.get('code') ?? '', told)
  if (enrolled.ok) {
    const audit = { event: 'factor_enrol', outcome: 'success', reason: 'totp', sub, ...enrolled.value.told } as const
    const { recoveryCodes } = enrolled.value
    return recoveryCodes ? newCodes(recoveryCodes, audit, dependencies) : redirect(path, audit)
  }
  const { reason } = enrolled.failure
  switch (reason) {
    case 'wrong_totp': {
      const begun = await dependencies.enrolTotp.findBegun(holder, form.get('secret') ?? '')
      const problem = dependencies.context.texts.wrongAppCode
      return begun ? newApp(holder, begun, { problem }, failed(reason, sub), dependencies) : over(reason, call)
    }
    case 'enrolment_over':
    case 'passkey_taken':
    case 'too_many_passkeys':
      return over(reason, call)
    case 'factors_changed':
      return changed(call)
    case 'session_ended':
    case 'unknown_auth_session':
      return signInAgain(reason, sub)
  }
}

/** Not kept anywhere: a page that is asked for again does not have them any more. */
function newCodes(codes: readonly string[], audit: Audit, { context }: AccountFactorsDependencies): ApiResponse {
  const { texts } = context
  return ownPage(context, { title: texts.saveCodes, body: recoveryCodesBody(texts, codes) }, { audit })
}

async function remove(call: Call, what: Parameters<ChangeFactors['remove']>[1]): Promise<ApiResponse> {
  const { holder, tell, dependencies } = call
  const { sub } = holder.account
  const removed = await dependencies.changeFactors.remove(holder, what)
  const factor = what === 'totp' ? 'totp' : 'passkey'
  if (removed.ok) {
    const told = await tell({ kind: 'factorRemoved', sub, factor })
    return redirect(path, { event: 'factor_remove', outcome: 'success', reason: factor, sub, ...told })
  }
  const { reason } = removed.failure
  switch (reason) {
    case 'last_factor':
      return list(holder, { problem: dependencies.context.texts.lastFactor, audit: failed(reason, sub) }, dependencies)
    // As after a second press of the button: it is gone.
    case 'unknown_factor':
    case 'no_factor':
      return redirect(path, failed(reason, sub))
    case 'factors_changed':
    case 'enrolment_over':
    case 'passkey_taken':
      return changed(call)
    case 'session_ended':
      return signInAgain(reason, sub)
  }
}

/** New codes in the place of those that the form was shown with: sent again, it leaves the new ones alone. */
async function renewRecoveryCodes(call: Call): Promise<ApiResponse> {
  const { holder, form, tell, dependencies } = call
  const { sub } = holder.account
  if (form.get('version') !== String(holder.factors.version)) return changed(call)
  const renewed = await dependencies.changeFactors.renewRecoveryCodes(holder)
  if (renewed.ok) {
    const told = await tell({ kind: 'factorAdded', sub, factor: 'recovery_codes' })
    const audit = { event: 'factor_enrol', outcome: 'success', reason: 'recovery_codes', sub, ...told } as const
    return newCodes(renewed.value, audit, dependencies)
  }
  const { reason } = renewed.failure
  switch (reason) {
    case 'session_ended':
      return signInAgain(reason, sub)
    case 'unknown_factor':
    case 'no_factor':
    case 'last_factor':
      return redirect(path, failed(reason, sub))
    case 'factors_changed':
    case 'enrolment_over':
    case 'passkey_taken':
      return changed(call)
  }
}

/** For an enrolment that nothing more comes of. */
function over(reason: string, { holder, dependencies: { context } }: Call): ApiResponse {
  const { setUpOver: title, setUpOverText: text } = context.texts
  return stopped(title, text, failed(reason, holder.account.sub), context)
}

function changed({ holder, dependencies: { context } }: Call): ApiResponse {
  const { factorsChanged: title, factorsChangedText: text } = context.texts
  return stopped(title, text, failed('factors_changed', holder.account.sub), context)
}

function stopped(
  title: string,
  text: string,
  audit: Audit,
  context: AccountFactorsDependencies['context'],
): ApiResponse {
  const body = markup`<p role="alert" class="plain">${text}</p>\n${backToList(context.texts.toSecondFactors)}`
  return ownPage(context, { title, body }, { status: 400, audit })
}

const failed = (reason: string, sub: string): Audit => ({ event: 'factor_fail', outcome: 'failure', reason, sub })
