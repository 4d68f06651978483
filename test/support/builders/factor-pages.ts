import { randomBytes } from 'node:crypto'
import { createAuthorizeHandler } from '../../../functions/authorize/handler.ts'
import { qrSvg } from '../../../functions/domain/factors/qr.ts'
import { ownPagesWith } from '../../../functions/domain/oauth/own-pages.ts'
import { createEnrolTotp } from '../../../functions/domain/sign-in/enrolment/enrol-totp.ts'
import { createFactorPages } from '../../../functions/factors/factor-pages.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { createCookies } from '../../../functions/http/pages/cookies.ts'
import { createPages } from '../../../functions/http/pages/pages.ts'
import { createPasskeyHandler } from '../../../functions/passkey/handler.ts'
import { createSignInHandler } from '../../../functions/signIn/handler.ts'
import { wireClients } from '../../../functions/wiring/oauth/clients.ts'
import { wireFlows } from '../../../functions/wiring/oauth/flows.ts'
import { wireFactorPages } from '../../../functions/wiring/sign-in/factor-pages.ts'
import { wirePasskeyPage } from '../../../functions/wiring/sign-in/passkeys.ts'
import { wireSignIn } from '../../../functions/wiring/sign-in/sign-in.ts'
import type { TestTable } from '../table.ts'
import { context, httpEvent } from './events.ts'
import { createFactorService, type FactorService, origin, viewFactorService } from './factor-service.ts'
import { openBrowser } from './oauth-browser.ts'
import type { OAuthService } from './oauth-service.ts'
import { plainLook } from './plain-look.ts'

const unused = () => {
  throw new Error('Nobody signs out here.')
}

/** The pages of a service with second factors: sign-in, consent and those of factors, put together as index.ts does. */
export async function createPagesOfFactors(table: TestTable, settings?: Parameters<typeof createFactorService>[1]) {
  const service = await createFactorService(table, settings)
  return { ...service, ...openPages(table, service) }
}

/** The same as one who calls the table by this client. */
export function viewPagesOfFactors(
  table: TableView,
  ...view: Parameters<typeof viewFactorService> extends [unknown, ...infer Of] ? Of : never
) {
  return openPages(table, viewFactorService(table, ...view))
}

type TableView = Pick<TestTable, 'client' | 'name'>

function openPages(table: TableView, { wiring, factors, clock, credentials }: FactorService) {
  const { parts, env, common, passkeys, enrolTotp, totpParts, mailFactorCode, lines } = wiring
  const all = wireFactorPages({ client: table.client, factors, clock }, env)
  const links = { hasSignUp: false, hasForgot: false }
  const service = { serviceName: 'Shop', look: plainLook, issuer: origin, hasPasskeys: true, ...links }
  const signInSteps = wireSignIn({ ...parts, sso: all.sso }, env)
  const pages = {
    ...{ cookies: createCookies(origin), ...wireFlows(parts, env), sso: all.sso, clock, reachable: 'mfa' as const },
    ...{ newBrowserToken: () => randomBytes(32).toString('base64url'), hashForLog: () => 'a hash' },
  }
  const authorize = createPages(service, (texts) =>
    createAuthorizeHandler({
      ...{
        ...pages,
        ...wireClients(table.client, table.name),
        context: texts,
        targets: { audience: 'nobody', resources: [] },
        clientHosts: [],
        scopes: [],
      },
      ...{ endSso: unused, readIdTokenHint: unused },
    }),
  )
  const signIn = createPages(service, (texts) =>
    createSignInHandler({
      ...{ ...common, ...pages, context: texts },
      ownPages: ownPagesWith({ mail: true, factors: true }),
      stepsOf: (...of) => ({ ...signInSteps(...of), mailFactorCode }),
    }),
  )
  const passkeyParts = { client: table.client, factors, clock, sso: all.sso }
  const passkey = createPasskeyHandler({
    ...{ ...passkeys, issuer: origin, sso: all.sso, flows: all.flows },
    pageStepsOf: wirePasskeyPage(passkeyParts, env, passkeys),
  })
  const own = createFactorPages(service, {
    ...{ ...common, ...all, enrolTotp, drawQr: qrSvg },
    enrolTotpWith: (enrol) => createEnrolTotp({ ...factors, ...totpParts, enrol }),
  })

  const handlerOf = (path: string): Handler => {
    if (path === '/sign-in' || path === '/sign-in/factor') return signIn.handle
    if (path.includes('passkey') && !path.startsWith('/account/factors')) return passkey
    return path === '/consent' ? authorize.handle : own.handle
  }
  const call: OAuthService['call'] = async (routeKey, { query, form, json, headers, cookies } = {}) => {
    const handle = endpoint(
      handlerOf(routeKey.split(' ')[1] ?? ''),
      (line) => lines.push(line),
      undefined,
      json ? undefined : own.faultResponse,
    )
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString()
    const type = json ? 'application/json' : 'application/x-www-form-urlencoded'
    const event = httpEvent(routeKey, {
      rawQueryString: query ?? '',
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
      ...(cookies && { cookies: [...cookies] }),
    })
    const { statusCode, headers: sent = {}, body: text = '', cookies: set = [] } = await handle(event, context)
    return { status: statusCode, headers: sent as Readonly<Record<string, string>>, text, cookies: set }
  }
  const user = { username: credentials.username ?? '', password: credentials.password }
  return {
    callPage: call,
    openBrowser: () => openBrowser({ call, ...user }),
  }
}

export type PagesOfFactors = Awaited<ReturnType<typeof createPagesOfFactors>>
