import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import type { Account } from '../../../functions/domain/accounts/account.ts'
import { createAccountLifecycle } from '../../../functions/domain/accounts/account-lifecycle.ts'
import { hashCode } from '../../../functions/domain/codes/code.ts'
import { qrSvg } from '../../../functions/domain/factors/qr.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { randomId } from '../../../functions/domain/random-id.ts'
import type { AskClaims } from '../../../functions/domain/sessions/ask-claims.ts'
import { createFindLiveSession } from '../../../functions/domain/sessions/live-session.ts'
import type { SecondFactorPolicy } from '../../../functions/domain/setting-rules.ts'
import { createEnrolTotp } from '../../../functions/domain/sign-in/enrolment/enrol-totp.ts'
import { createResetFactors } from '../../../functions/domain/sign-in/enrolment/reset-factors.ts'
import { createVerifyOwner } from '../../../functions/domain/sign-in/verify-owner.ts'
import { createThrottle } from '../../../functions/domain/throttling/throttle.ts'
import { createIssueAccessToken, createVerifyAccessToken } from '../../../functions/domain/tokens/access-token.ts'
import { createEmailHandler } from '../../../functions/email/handler.ts'
import { createFactorsHandler } from '../../../functions/factors/handler.ts'
import { endpoint, type Handler } from '../../../functions/http/api/endpoint.ts'
import { createReadFactorRequest } from '../../../functions/http/api/factor-caller.ts'
import { createLoginHandler } from '../../../functions/login/handler.ts'
import { createPasskeyHandler } from '../../../functions/passkey/handler.ts'
import { createPasswordHandler } from '../../../functions/password/handler.ts'
import { wireChangePassword } from '../../../functions/wiring/change-password.ts'
import { wireCodes } from '../../../functions/wiring/mail.ts'
import { wireFactorSteps } from '../../../functions/wiring/sign-in/factor-steps.ts'
import { wireFactors } from '../../../functions/wiring/sign-in/factors.ts'
import { wireLogIn } from '../../../functions/wiring/sign-in/log-in.ts'
import { wirePasskeys } from '../../../functions/wiring/sign-in/passkeys.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { captureNotices } from '../fakes/captured-notices.ts'
import { cheapHasher } from '../fakes/cheap-hasher.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import type { TestTable } from '../table.ts'
import { context, httpEvent, readAddress } from './events.ts'
import { createTestKey, verificationKeys } from './signing-key.ts'

const password = 'correct horse battery staple'

export const origin = 'https://auth.example.com'
const passwordHash = await cheapHasher.hash(readPassword(password) as Password)
const noPages = {
  issuer: origin,
  flows: { find: async () => undefined },
  sso: { find: async () => undefined },
  pageStepsOf: () => {
    throw new Error('There are no pages.')
  },
}
const audience = 'https://api.example.com'
const key = await createTestKey()
const secrets = createTestSecrets()
const keys = await verificationKeys(key)
let made = 0

/** Encrypts as KMS does: only with the same context a secret is decrypted again. */
function createTestSecrets() {
  const secretKey = randomBytes(32)
  return {
    encrypt: async (secret: string, context: { readonly sub: string }) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', secretKey, nonce).setAAD(Buffer.from(context.sub))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('base64')
    },
    decrypt: async (secret: string, context: { readonly sub: string }) => {
      const bytes = Buffer.from(secret, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', secretKey, bytes.subarray(0, 12))
      decipher.setAAD(Buffer.from(context.sub)).setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString()
    },
  }
}

/** The event with the caller that our authorizer tells of. */
function authorized(event: ReturnType<typeof httpEvent>, token: string | undefined): ReturnType<typeof httpEvent> {
  if (token === undefined) return event
  const { sub, sid } = decodeJwt(token)
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: { sub, sid } } } as never }
}
type Mailing = Parameters<typeof createLoginHandler>[0]['mailFactorCode']

type Settings = {
  readonly policy?: SecondFactorPolicy
  /** Whether mails are sent; codes that are mailed are then 12345678. */
  readonly canMail?: boolean
  readonly account?: Partial<Account>
  readonly askClaims?: AskClaims | undefined
}

type Answer = { readonly status: number | undefined; readonly json: Record<string, unknown>; readonly headers: object }

/** A service with second factors, and one account with a password. */
export async function createFactorService(table: TestTable, settings: Settings = {}) {
  made += 1
  const account: Account = {
    ...{ sub: `subject-${made}`, identifiers: [`user-${made}`], emailVerified: false },
    ...{ scope: ['orders:read'], disabled: false, createdAt: 1 },
    ...settings.account,
  }
  const stores = createStores(table.client, table.name)
  await stores.accounts.putNewAccount({ account, passwordHash, subject: 'new' })
  return viewFactorService(table, account, settings)
}

type View = Settings & { readonly clock?: ReturnType<typeof stoppedClock> }

/** The service as one who calls the table by this client, put together as the functions' index.ts do. */
export function viewFactorService(
  { client, name }: Pick<TestTable, 'client' | 'name'>,
  account: Account,
  { policy = 'optional', canMail = false, clock = stoppedClock(), askClaims }: View = {},
) {
  const stores = createStores(client, name)
  const seconds = () => Math.floor(clock())
  const { notices, notify } = captureNotices()
  const lines: string[] = []
  const env = {
    ...{ TABLE_NAME: name, ISSUER: origin, SECOND_FACTOR: policy, MAIL_FUNCTION: canMail ? 'mail' : null },
    ...{ SESSION_IDLE_LIMIT: 10_000, SESSION_LIMIT: 20_000, SESSIONS_PER_USER: 50, SCOPES: ['orders:read'] },
    ...{ ACCOUNT_FAILURES: 10, ADDRESS_FAILURES: 0 },
    ...{ RP_ID: 'example.com', PASSKEY_ORIGINS: ['https://app.example.com'], SERVICE_NAME: 'Shop' },
  }
  const issueAccessToken = createIssueAccessToken(
    { issuer: origin, audience, lifetime: 900 },
    key.signer,
    seconds,
    randomId,
  )
  const readRequest = createReadFactorRequest(createVerifyAccessToken({ issuer: origin, audience, keys }, seconds))
  const parts = { client, stores, issueAccessToken, askClaims, hasher: cheapHasher, clock, environment: {}, ...secrets }
  const factors = wireFactors(parts, env)
  const common = { ...factors, notify, readAddress, readRequest, clients: ['web', 'app'], lifetime: 900 }
  const codes = wireCodes(client, name, clock)
  const codeStore = createDynamoDbCodes(client, name)

  const mailedIn: string[] = []
  const mailFactorCode: Mailing = async ({ account: { sub, identifiers }, epoch, authSession }, { language }) => {
    mailedIn.push(language)
    const { handle } = await codes.open('enrol', { sub, epoch, address: identifiers[0] ?? '' }, authSession)
    const hash = hashCode(handle.codeKey, '12345678')
    await codeStore.setCode({ purpose: 'enrol', id: handle.id }, { hash, binding: undefined }, seconds(), 5)
  }
  const login = createLoginHandler({
    ...common,
    ...wireFactorSteps(parts, env),
    mailFactorCode,
    logIn: wireLogIn(parts, env),
    hashForLog: () => 'a hash',
  })
  const totpParts = { ...secrets, service: 'Shop' }
  const enrolTotp = createEnrolTotp({ ...factors, ...totpParts })
  const totp = createFactorsHandler({ ...common, enrolTotp, drawQr: qrSvg })
  const passkeys = { ...common, ...wirePasskeys({ client, factors, clock }, env) }
  const passkey = createPasskeyHandler({ ...passkeys, ...noPages })
  const changePassword = wireChangePassword(parts, env, { minimumLength: 15, serviceName: 'Shop' })
  const owning = { ...factors, codes, limits: { idle: 10_000, absolute: 20_000 } }
  const email = createEmailHandler({
    ...common,
    codes,
    requestCode: async () => undefined,
    verifyOwner: createVerifyOwner({
      ...owning,
      findLive: createFindLiveSession(owning),
      hasher: cheapHasher,
      throttle: createThrottle(stores.attempts, { accountFailures: 10, addressFailures: 0 }, clock),
    }),
    findLiveSession: createFindLiveSession(owning),
    confirmAddress: async () => {
      throw new Error('No code is mailed.')
    },
  })

  const call = (handler: Handler) => {
    const handle = endpoint(handler, (line) => lines.push(line))
    return async (routeKey: string, body?: object, token?: string, id?: string): Promise<Answer> => {
      const event = httpEvent(routeKey, {
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(id !== undefined && { pathParameters: { id } }),
      })
      const { statusCode, headers = {}, body: text } = await handle(authorized(event, token), context)
      return { status: statusCode, headers, json: text === undefined ? {} : JSON.parse(text) }
    }
  }
  const handlers = { login: call(login), factors: call(totp), passkey: call(passkey) }
  const owners: Readonly<Record<string, typeof handlers.login>> = {
    'POST /login': handlers.login,
    'POST /password': call(createPasswordHandler({ ...common, changePassword })),
    'POST /email': call(email),
  }
  const route = (routeKey: string) => {
    const named = owners[routeKey]
    if (named) return named
    return routeKey.includes('passkey') ? handlers.passkey : handlers.factors
  }
  const credentials = { username: account.identifiers[0], password }
  return {
    wiring: { parts, env, common, passkeys, totpParts, enrolTotp, mailFactorCode, lines },
    account,
    clock,
    stores,
    factors,
    notices,
    /** The languages of the codes that were mailed. */
    mailedIn,
    credentials,
    call: (routeKey: string, body?: object, token?: string, id?: string) => route(routeKey)(routeKey, body, token, id),
    logIn: (members: object = {}) => handlers.login('POST /login', { ...credentials, ...members }),
    step: (authSession: unknown, members: object) =>
      handlers.login('POST /login', { auth_session: authSession, ...members }),
    lifecycle: createAccountLifecycle(stores),
    resetFactors: createResetFactors(factors),
    logged: () => lines.map((line) => JSON.parse(line)),
    claimsOf: ({ json }: Answer) => decodeJwt(String(json['access_token'])),
  }
}

export type FactorService = ReturnType<typeof viewFactorService>
