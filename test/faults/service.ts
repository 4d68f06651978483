import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { decodeJwt } from 'jose'
import { handleOf } from '../../functions/domain/codes/code.ts'
import { endpoint, type Handler } from '../../functions/http/api/endpoint.ts'
import { context, httpEvent } from '../support/builders/events.ts'
import { formEvent } from '../support/builders/service.ts'
import { type Clients, createHandlers, type Place } from './functions.ts'

export type Service = ReturnType<typeof createService>

/** What came of a call: in a text for tables of what is expected, and its body. */
export type Outcome = { readonly text: string; readonly json: Readonly<Record<string, string>> }

/** All functions as their callers see them, the calls of one address. */
export function createService(clients: Clients, place: Place, sourceIp: string) {
  const handlers = createHandlers(clients, place)
  const call = async (handler: Handler, event: APIGatewayProxyEventV2): Promise<Outcome> => {
    const { requestContext } = event
    const arrival = { timeEpoch: place.clock() * 1000, http: { ...requestContext.http, sourceIp } }
    const from = { ...event, requestContext: { ...requestContext, ...arrival } }
    const { statusCode, headers, body } = await endpoint(handler, () => undefined)(from, context)
    const json = body === undefined ? undefined : JSON.parse(body)
    return { text: describeAnswer(statusCode, headers?.['retry-after'], json), json }
  }
  const { users, sessions, attempts, codes } = handlers
  return {
    ...{ users, sessions, attempts, codes },
    logIn: (username: string, password: string, more: object = {}) =>
      call(handlers.login, httpEvent('POST /login', { body: JSON.stringify({ username, password, ...more }) })),
    /** A later step of a log-in. */
    prove: (auth_session = '', more: object = {}) =>
      call(handlers.login, httpEvent('POST /login', { body: JSON.stringify({ auth_session, ...more }) })),
    factors: (routeKey: string, accessToken: string, body: object = {}) =>
      call(handlers.factors, httpEvent(routeKey, { ...ownedBy(accessToken), body: JSON.stringify(body) })),
    /** A log-in by passkey: its challenge, and what was signed. */
    logInByPasskey: (body: object = {}) =>
      call(handlers.passkeyLogIn, httpEvent('POST /login/passkey', { body: JSON.stringify(body) })),
    passkeys: (routeKey: string, accessToken: string, body: object = {}, id?: string) => {
      const more = id === undefined ? {} : { pathParameters: { id } }
      return call(
        handlers.passkeys,
        httpEvent(routeKey, { ...ownedBy(accessToken), body: JSON.stringify(body), ...more }),
      )
    },
    logInFromOldSystem: (username: string, password: string) =>
      call(handlers.loginWithOldSystem, httpEvent('POST /login', { body: JSON.stringify({ username, password }) })),
    logInWithClaims: (username: string, password: string) =>
      call(handlers.loginWithClaims, httpEvent('POST /login', { body: JSON.stringify({ username, password }) })),
    refreshWithClaims: (refresh_token = '') =>
      call(handlers.tokenWithClaims, formEvent('POST /token', { grant_type: 'refresh_token', refresh_token })),
    changePasswordWithClaims: (accessToken: string, current_password: string, new_password: string) =>
      call(
        handlers.passwordWithClaims,
        letIn(httpEvent('POST /password', { body: JSON.stringify({ current_password, new_password }) }), accessToken),
      ),
    refresh: (refresh_token = '') =>
      call(handlers.token, formEvent('POST /token', { grant_type: 'refresh_token', refresh_token })),
    revoke: (token = '') => call(handlers.revoke, formEvent('POST /revoke', { token })),
    register: (username: string, password: string) =>
      call(handlers.register, httpEvent('POST /register', { body: JSON.stringify({ username, password }) })),
    registerByMail: (username: string, email: string, password: string) =>
      call(
        handlers.registerByMail,
        httpEvent('POST /register', { body: JSON.stringify({ username, email, password }) }),
      ),
    makeCode: handlers.makeCode,
    confirmRegistration: (ticket = '', code = '') =>
      call(handlers.registerByMail, httpEvent('POST /register/confirm', { body: JSON.stringify({ ticket, code }) })),
    changePassword: (accessToken: string, current_password: string, new_password: string) =>
      call(
        handlers.password,
        letIn(httpEvent('POST /password', { body: JSON.stringify({ current_password, new_password }) }), accessToken),
      ),
    recover: (username: string) =>
      call(handlers.recover, httpEvent('POST /recover', { body: JSON.stringify({ username }) })),
    confirmRecovery: (ticket: string, code: string, new_password: string) =>
      call(
        handlers.recover,
        httpEvent('POST /recover/confirm', { body: JSON.stringify({ ticket, code, new_password }) }),
      ),
    /** What the mail for a ticket says. */
    codeFor: async (ticket: string): Promise<string> => {
      const mailed = await handlers.mailRecoveryCode(handleOf(ticket), async () => true)
      return mailed.ok ? mailed.value.code : mailed.failure.reason
    },
    changeAddress: (accessToken: string, email: string, password: string) =>
      call(handlers.email, letIn(httpEvent('POST /email', { body: JSON.stringify({ email, password }) }), accessToken)),
    confirmAddress: (accessToken: string, ticket: string, code: string) =>
      call(
        handlers.email,
        letIn(httpEvent('POST /email/confirm', { body: JSON.stringify({ ticket, code }) }), accessToken),
      ),
    own: (routeKey: string, accessToken: string, id?: string) =>
      call(handlers.sessionsOfCaller, letIn(httpEvent(routeKey, id ? { pathParameters: { id } } : {}), accessToken)),
    authorize: (accessToken: string) =>
      tell(async () => {
        const headers = { authorization: `Bearer ${accessToken}` }
        const answer = await handlers.authorizer({ version: '2.0', type: 'REQUEST', routeKey: 'GET /me', headers })
        return 'isAuthorized' in answer && answer.isAuthorized ? 'allowed' : 'denied'
      }),
    admin: (command: string, more: object) =>
      tell(async () => {
        const answer = await handlers.admin({ command, ...more }, context)
        return answer.ok ? 'ok' : answer.error
      }),
    deployKeys: () =>
      tell(async () => {
        await handlers.jwks(resourceEvent(place.signingKey.id))
        const { Status, Reason } = JSON.parse(handlers.answers.at(-1) ?? '{}')
        return Reason === undefined ? Status : `${Status}: ${Reason}`
      }),
  }
}

function describeAnswer(status: number | undefined, retryAfter: unknown, json: Outcome['json'] | undefined): string {
  const error = json?.['error']
  if (error === undefined) return String(status)
  const wait = retryAfter === undefined ? '' : `, Retry-After ${retryAfter}`
  // An answer that tells of an error holds nothing else, least of all a token.
  return `${status} ${error} with ${Object.keys(json ?? {})}${wait}`
}

async function tell(run: () => Promise<string>): Promise<Outcome> {
  const text = await run().catch((error: Error) => `${error.name}: ${error.message}`)
  return { text, json: {} }
}

/** With a token that the function itself verifies. */
const ownedBy = (accessToken: string) => ({
  headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
})

/** As the authorizer hands a caller on. */
function letIn(event: APIGatewayProxyEventV2, accessToken: string) {
  const { sub, sid } = decodeJwt(accessToken)
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: { sub, sid } } } }
}

const resourceEvent = (keyId: string) => ({
  RequestType: 'Create',
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'arn:stack',
  RequestId: 'request',
  LogicalResourceId: 'Jwks',
  ResourceProperties: { KeyArns: [keyId], SigningKeyArn: keyId },
})
