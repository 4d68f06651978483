import { randomBytes } from 'node:crypto'
import { createDynamoDbConfirmations } from '../../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import { createConfirmAddress } from '../../../functions/domain/accounts/confirm-address.ts'
import { createMailAddressCode } from '../../../functions/domain/accounts/mail-address-code.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import type { CodeRequest, MailEvent, Notice } from '../../../functions/domain/mail/mail-event.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import { type BrowserCaller, createFindLiveSession } from '../../../functions/domain/sessions/live-session.ts'
import { createVerifyOwner } from '../../../functions/domain/sign-in/verify-owner.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { createIssueAccessToken } from '../../../functions/domain/tokens/access-token.ts'
import { createEmailPages } from '../../../functions/email/email-pages.ts'
import { createEmailHandler } from '../../../functions/email/handler.ts'
import { endpoint } from '../../../functions/http/api/endpoint.ts'
import { createCookies } from '../../../functions/http/pages/cookies.ts'
import { createPasswordHandler } from '../../../functions/password/handler.ts'
import { createPasswordPages } from '../../../functions/password/password-pages.ts'
import { wireChangePassword, wireChangePasswordOnPage } from '../../../functions/wiring/change-password.ts'
import { wireOwnPages } from '../../../functions/wiring/sign-in/own-pages.ts'
import { cheapHasher } from '../fakes/cheap-hasher.ts'
import type { TestTable } from '../table.ts'
import { context, httpEvent, readAddress } from './events.ts'
import { audience, createOAuthService, issuer } from './oauth-service.ts'
import { plainLook } from './plain-look.ts'
import { createTestKey } from './signing-key.ts'

const key = await createTestKey()
const minimumLength = 15

type Settings = NonNullable<Parameters<typeof createOAuthService>[1]> & { readonly hasMail?: boolean }

/** A service on whose pages, and by whose API, people change their password and address. What is mailed is kept. */
export async function createAccountForms(table: Pick<TestTable, 'client' | 'name'>, settings: Settings = {}) {
  const service = await createOAuthService(table, settings)
  const { client, name } = table
  const { clock, stores } = service
  const mailed: MailEvent[] = []
  const env = {
    SECOND_FACTOR: 'off',
    MAIL_FUNCTION: null,
    ...{ TABLE_NAME: name, SESSION_IDLE_LIMIT: 30 * 86_400, SESSION_LIMIT: 90 * 86_400, SESSIONS_PER_USER: 50 },
    ...{ SCOPES: ['orders:read'], ACCOUNT_FAILURES: 3, ADDRESS_FAILURES: 1000 },
  } as const
  const rules = { issuer, audience, lifetime: 900 }
  const issueAccessToken = createIssueAccessToken(rules, key.signer, () => Math.floor(clock()), randomId)
  const policy = { minimumLength, serviceName: 'Shop & Co' }
  const parts = { stores, issueAccessToken, askClaims: undefined, hasher: cheapHasher, clock }
  const pages = wireOwnPages({ client, stores, clock }, env)
  const codes = createCodes({ store: createDynamoDbCodes(client, name), randomBytes, clock })
  const confirmations = createDynamoDbConfirmations(client, name)
  const throttle = createThrottle(stores.attempts, { accountFailures: 3, addressFailures: 1000 }, clock)
  const owning = { ...stores, hasher: cheapHasher, throttle, factorRules: { policy: 'off' } } as const
  const limits = { idle: env.SESSION_IDLE_LIMIT, absolute: env.SESSION_LIMIT }
  const findLiveSession = createFindLiveSession({ ...stores, clock, limits })
  const common = {
    ...{ codes, readAddress, clock, cookies: createCookies(issuer) },
    confirmAddress: createConfirmAddress({ ...stores, codes, confirmations }),
    requestCode: async (request: MailEvent) => void mailed.push(request),
    notify: async (notice: MailEvent) => {
      mailed.push(notice)
      return {}
    },
  }
  const own = { issuer, serviceName: policy.serviceName, look: plainLook }
  const apis = {
    password: createPasswordHandler({
      ...common,
      changePassword: wireChangePassword(parts, env, policy),
      lifetime: 900,
    }),
    email: createEmailHandler({
      ...{ ...common, findLiveSession },
      verifyOwner: createVerifyOwner({ ...owning, findLive: findLiveSession }),
    }),
  }
  const forms = {
    password: createPasswordPages({
      ...{ ...common, ...pages, passwords: stores.passwords },
      service: { ...own, minimumLength, hasMail: settings.hasMail ?? true },
      changePassword: wireChangePasswordOnPage({ ...parts, ...pages }, env, policy),
    }),
    email: createEmailPages({
      ...{ ...common, ...pages, service: own },
      verifyOwner: createVerifyOwner({ ...owning, findLive: ({ sso }: BrowserCaller) => pages.findLiveSso(sso) }),
    }),
  }
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const now = () => clock() * 1000
  const subjectOf = (routeKey: string) => (routeKey.includes('/email') ? 'email' : 'password')
  const call: typeof service.call = async (routeKey, asked = {}) => {
    if (!/^\w+ \/account\/(password|email)/.test(routeKey)) return service.call(routeKey, asked)
    const body = asked.form && new URLSearchParams(asked.form).toString()
    const event = httpEvent(routeKey, {
      rawQueryString: asked.query ?? '',
      headers: { ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }), ...asked.headers },
      ...(body !== undefined && { body }),
      ...(asked.cookies && { cookies: [...asked.cookies] }),
    })
    const { handle, faultResponse } = forms[subjectOf(routeKey)]
    const {
      statusCode,
      headers: sent = {},
      body: text = '',
      cookies: set = [],
    } = await endpoint(handle, write, now, faultResponse)(event, context)
    return { status: statusCode, headers: sent as Record<string, string>, text, cookies: set }
  }
  return {
    ...service,
    call,
    mailed,
    logged: () => lines.map((line) => JSON.parse(line)),
    /** A request of an API, as the authorizer lets it through. */
    ask: async (routeKey: string, accessToken: string, members: object) => {
      const { sub, sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
      const event = httpEvent(routeKey, { body: JSON.stringify(members) })
      const requestContext = { ...event.requestContext, authorizer: { lambda: { sub, sid } } }
      const { statusCode, body = '' } = await endpoint(
        apis[subjectOf(routeKey)],
        write,
        now,
      )({ ...event, requestContext }, context)
      return { status: statusCode, json: body === '' ? undefined : JSON.parse(body) }
    },
    /** The code that the function that mails would send. */
    codeOf: async () => {
      const asked = mailed.findLast((mail): mail is MailEvent & CodeRequest => mail.kind === 'code')
      const mailAddressCode = createMailAddressCode({ ...stores, codes })
      const made = asked && (await mailAddressCode('email', asked, async () => true))
      return made?.ok && 'code' in made.value ? made.value.code : ''
    },
    notices: () => mailed.filter((mail): mail is MailEvent & Notice => mail.kind !== 'code'),
  }
}

export type AccountForms = Awaited<ReturnType<typeof createAccountForms>>
