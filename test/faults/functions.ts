import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbConfirmations } from '../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbApiKeys } from '../../functions/adapters/dynamodb/api-keys/api-keys.ts'
import { createEndKeySession } from '../../functions/adapters/dynamodb/api-keys/end-key-session.ts'
import { createDynamoDbEnrolments } from '../../functions/adapters/dynamodb/factors/enrolments.ts'
import { createEndMachineSession } from '../../functions/adapters/dynamodb/sessions/machine-session.ts'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { createPublicKeyReader } from '../../functions/adapters/kms/public-key.ts'
import { createDecrypt, createEncrypt } from '../../functions/adapters/kms/secret-box.ts'
import { createAdminHandler } from '../../functions/admin/handler.ts'
import { createConfirmAddress } from '../../functions/domain/accounts/confirm-address.ts'
import { createConfirmRegistration } from '../../functions/domain/accounts/confirm-registration.ts'
import { createMailAddressCode } from '../../functions/domain/accounts/mail-address-code.ts'
import { createOpenRegistration } from '../../functions/domain/accounts/open-registration.ts'
import type { CodeRequest } from '../../functions/domain/mail/mail-event.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createFindLiveSession } from '../../functions/domain/sessions/live-session.ts'
import { createVerifyLiveToken } from '../../functions/domain/sessions/live-token.ts'
import { asClient, createOwnSessions } from '../../functions/domain/sessions/own-sessions.ts'
import { createRevoke } from '../../functions/domain/sessions/revoke.ts'
import { createEnrolTotp } from '../../functions/domain/sign-in/enrolment/enrol-totp.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { createVerifyOwner } from '../../functions/domain/sign-in/verify-owner.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { createVerifyAccessToken, createVerifyAtAnyTime } from '../../functions/domain/tokens/access-token.ts'
import type { VerificationKeys } from '../../functions/domain/tokens/verification-keys.ts'
import { createEmailHandler } from '../../functions/email/handler.ts'
import { createFactorsHandler } from '../../functions/factors/handler.ts'
import { createReadFactorRequest } from '../../functions/http/api/factor-caller.ts'
import { createAuthorizer } from '../../functions/http/authorizer/authorizer.ts'
import { createJwksHandler } from '../../functions/jwks/handler.ts'
import { createLoginHandler } from '../../functions/login/handler.ts'
import { createLogInHandler } from '../../functions/passkey/log-in.ts'
import { createPasskeysHandler } from '../../functions/passkey/passkeys.ts'
import { createPasswordHandler } from '../../functions/password/handler.ts'
import { createRecoverHandler } from '../../functions/recover/handler.ts'
import { createRegisterHandler } from '../../functions/register/handler.ts'
import { createMailedRegisterHandler } from '../../functions/register/mailed-handler.ts'
import { createRevokeHandler } from '../../functions/revoke/handler.ts'
import { createSessionsHandler } from '../../functions/sessions/handler.ts'
import { createTokenHandler } from '../../functions/token/handler.ts'
import { wireAdministration } from '../../functions/wiring/administration.ts'
import { wireChangePassword } from '../../functions/wiring/change-password.ts'
import { wireClaims } from '../../functions/wiring/claims.ts'
import { wireCodes, wireMail, wireNotify } from '../../functions/wiring/mail.ts'
import { wireClientAuthentication } from '../../functions/wiring/oauth/client-authentication.ts'
import { wireGrantMachine } from '../../functions/wiring/oauth/grant-machine.ts'
import { wireRefresh } from '../../functions/wiring/refresh.ts'
import { sessionLimits, throttleLimits } from '../../functions/wiring/settings.ts'
import { factorRules } from '../../functions/wiring/sign-in/complete-log-in.ts'
import { wireFactorSteps } from '../../functions/wiring/sign-in/factor-steps.ts'
import { wireFactors } from '../../functions/wiring/sign-in/factors.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { wirePasskeys } from '../../functions/wiring/sign-in/passkeys.ts'
import { createSigning } from '../../functions/wiring/signing.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { noRules } from '../support/authorizer.ts'
import { readAddress } from '../support/builders/events.ts'
import { noSteps } from '../support/builders/log-in.ts'
import { confirms, createMigration } from '../support/builders/migration.ts'
import { audience, issuer } from '../support/builders/service.ts'
import { createUsers } from '../support/builders/users.ts'
import { cheapHasher as hasher } from '../support/fakes/cheap-hasher.ts'
import { createClientCommands } from '../support/fakes/memory-clients.ts'
import { noClients } from '../support/fakes/no-clients.ts'
import type { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { symmetricKey } from '../support/local-aws.ts'

/** `lambda` is where functions are invoked, and how long for, in milliseconds. */
export type Clients = {
  readonly dynamodb: DynamoDBClient
  readonly kms: KMSClient
  readonly lambda: { readonly endpoint: string; readonly timeLimit: number }
}

export type Place = {
  readonly tableName: string
  readonly signingKey: { readonly id: string; readonly kid: string }
  readonly keys: VerificationKeys
  readonly clock: ReturnType<typeof stoppedClock>
  readonly grace: number
}

const day = 86_400
const clients = ['web', 'mobile']
const scopes = ['a', 'b']
export const oldPassword = 'a password of the old system'
export const failuresToLock = 3
export const sessionsPerUser = 2

const settings = {
  ...{ ISSUER: issuer, AUDIENCE: audience, ACCESS_TOKEN_LIFETIME: 900, CLIENTS: clients, SCOPES: scopes },
  RESOURCES: [],
  ...({ SECOND_FACTOR: 'optional', MAIL_FUNCTION: null } as const),
  ...{ SESSION_IDLE_LIMIT: 30 * day, SESSION_LIMIT: 90 * day, SESSIONS_PER_USER: sessionsPerUser },
  ...{ ACCOUNT_FAILURES: failuresToLock, ADDRESS_FAILURES: 100 },
}

/** Where passkeys belong, and what calls itself so. */
export const origin = 'https://auth.example.com'
const passkeySettings = { RP_ID: 'example.com', PASSKEY_ORIGINS: [origin], SERVICE_NAME: 'Shop' }

const unused = async () => {
  throw new Error('Nobody is denied a key here.')
}

/** The handlers of all functions that call AWS, put together as their index.ts do. */
export function createHandlers(
  { dynamodb, kms, lambda }: Clients,
  { tableName, signingKey, keys, clock, grace }: Place,
) {
  const table = DynamoDBDocumentClient.from(dynamodb)
  const stores = createStores(table, tableName)
  const { sessions, attempts } = stores
  const env = {
    ...settings,
    SIGNING_KEY_ID: signingKey.id,
    SIGNING_KID: signingKey.kid,
    REFRESH_GRACE: grace,
    CLAIMS_AT_REFRESH: true,
    TABLE_NAME: tableName,
  }
  const { issueAccessToken } = createSigning(env, clock, kms)
  const parts = { stores, issueAccessToken, askClaims: undefined, hasher, clock }
  const policy = { minimumLength: 15, serviceName: 'Latchkey' }
  const limits = sessionLimits(env)
  const verify = createVerifyLiveToken(
    createVerifyAccessToken({ issuer, audience, keys }, clock),
    createSessionLookUp(table, tableName),
  )
  const { askOldSystem } = createMigration(confirms(oldPassword), { ...parts, ...stores, newId: randomId })
  const administration = wireAdministration(
    { ...parts, enrolments: createDynamoDbEnrolments(table, tableName) },
    policy,
    scopes,
  )
  const codes = wireCodes(table, tableName, clock)
  const encrypt = createEncrypt(kms, symmetricKey.keyId)
  const decrypt = createDecrypt(kms, symmetricKey.keyId)
  const factors = wireFactors({ ...parts, client: table }, env)
  const mailAddressCode = createMailAddressCode({ ...stores, codes })
  const asked: CodeRequest[] = []
  const answers: string[] = []
  const { endpoint, timeLimit } = lambda
  const byMail = { client: table, environment: { AWS_ENDPOINT_URL: endpoint }, timeLimit }
  const notify = wireNotify('mail', byMail)
  const withClaims = { ...parts, askClaims: wireClaims(byMail, { ...env, CLAIMS_HOOK: 'claims' }) }
  const passkeys = wirePasskeys({ client: table, factors, clock }, { ...env, ...passkeySettings })
  const readRequest = createReadFactorRequest(createVerifyAccessToken({ issuer, audience, keys }, clock))
  const registered = wireClientAuthentication({ client: table, clock }, { ...env, CLIENTS_BY_URL: [] })
  return {
    users: createUsers(stores),
    codes,
    sessions,
    attempts,
    login: createLoginHandler({
      ...wireFactorSteps({ ...parts, client: table, environment: {}, decrypt }, env),
      logIn: wireLogIn(parts, env),
      notify,
      clock,
      hashForLog: () => 'hash',
      readAddress,
      clients,
      lifetime: 900,
    }),
    /** Log-in, refresh and change of the password where a hook of the owner's adds claims. */
    loginWithClaims: createLoginHandler({
      ...noSteps,
      logIn: wireLogIn(withClaims, env),
      ...{ notify, clock, hashForLog: () => 'hash', readAddress, clients, lifetime: 900 },
    }),
    tokenWithClaims: createTokenHandler({
      ...{ ...noClients, ...registered, refresh: wireRefresh({ ...noClients, ...withClaims, ...registered }, env) },
      ...{ notify, readAddress, clock, clients, lifetime: 900 },
    }),
    passwordWithClaims: createPasswordHandler({
      changePassword: wireChangePassword(withClaims, env, policy),
      ...{ notify, clock, readAddress, lifetime: 900 },
    }),
    /** Log-in where everyone has the same password in an old system. */
    loginWithOldSystem: createLoginHandler({
      ...noSteps,
      logIn: wireLogIn({ ...parts, askOldSystem }, env),
      notify,
      clock,
      hashForLog: () => 'hash',
      readAddress,
      clients,
      lifetime: 900,
    }),
    factors: createFactorsHandler({
      ...factors,
      enrolTotp: createEnrolTotp({ ...factors, encrypt, decrypt, service: 'Shop' }),
      drawQr: () => '',
      ...{ readRequest, notify, readAddress, clock, lifetime: 900 },
    }),
    passkeyLogIn: createLogInHandler({ ...passkeys, clients, lifetime: 900 }),
    passkeys: createPasskeysHandler({
      ...factors,
      ...passkeys,
      ...{ readRequest, notify, readAddress, clock, lifetime: 900 },
    }),
    token: createTokenHandler({
      ...noClients,
      ...registered,
      grantMachine: wireGrantMachine({ ...parts, ...registered, client: table }, env),
      refresh: wireRefresh({ ...noClients, ...parts, ...registered }, env),
      ...{ notify, readAddress, clock, clients, lifetime: 900 },
    }),
    revoke: createRevokeHandler({
      ...registered,
      revoke: createRevoke({
        endMachineSession: createEndMachineSession(table, tableName),
        endKeySession: createEndKeySession(table, tableName),
        ...{ sessions, clients, verifyAtAnyTime: createVerifyAtAnyTime({ issuer, audiences: [audience], keys }) },
      }),
      ...{ readAddress, clients },
    }),
    register: createRegisterHandler({
      createAccount: administration.createAccount,
      throttle: createThrottle(attempts, throttleLimits(env), clock),
      readAddress,
    }),
    registerByMail: createMailedRegisterHandler({
      openRegistration: createOpenRegistration({ codes, hasher, policy }),
      requestCode: async (request) => void asked.push(request),
      confirmRegistration: createConfirmRegistration({
        ...{ codes, clock, hasher, scope: [], newId: randomId },
        confirmations: createDynamoDbConfirmations(table, tableName),
      }),
      throttle: createThrottle(attempts, throttleLimits(env), clock),
      ...{ readAddress, clock },
    }),
    /** The code that the function which mails would make for the last registration. */
    makeCode: async () => {
      const last = asked.at(-1)
      const mailed = last && (await mailAddressCode('register', last, async () => true))
      return mailed?.ok && mailed.value.kind === 'code' ? mailed.value.code : ''
    },
    password: createPasswordHandler({
      changePassword: wireChangePassword(parts, env, policy),
      notify,
      clock,
      readAddress,
      lifetime: 900,
    }),
    recover: createRecoverHandler({
      codes,
      ...wireMail('mail', byMail),
      recoverPassword: createRecoverPassword({
        ...{ ...stores, codes, hasher, policy },
        confirmations: createDynamoDbConfirmations(table, tableName),
      }),
      throttle: createThrottle(attempts, throttleLimits(env), clock),
      readAddress,
      clock,
    }),
    /** The code for a ticket, as the function that mails makes it. */
    mailRecoveryCode: createMailRecoveryCode({ ...stores, codes }),
    email: createEmailHandler({
      ...{ codes, readAddress, clock, requestCode: async () => undefined, notify: async () => ({}) },
      verifyOwner: createVerifyOwner({
        ...{ ...stores, hasher, findLive: createFindLiveSession({ sessions, clock, limits }) },
        factorRules: factorRules(env),
        throttle: createThrottle(attempts, throttleLimits(env), clock),
      }),
      findLiveSession: createFindLiveSession({ sessions, clock, limits }),
      confirmAddress: createConfirmAddress({
        ...{ ...stores, codes },
        confirmations: createDynamoDbConfirmations(table, tableName),
      }),
    }),
    sessionsOfCaller: createSessionsHandler({
      ownSessions: createOwnSessions({ mayAsk: asClient, sessions, clock, limits }),
      limits,
    }),
    authorizer: createAuthorizer(
      verify,
      noRules,
      () => undefined,
      () => clock() * 1000,
    ),
    admin: createAdminHandler({
      ...createClientCommands(),
      apiKeys: createDynamoDbApiKeys(table, tableName),
      ...{ ...administration, notify: async () => ({}), recoveries: undefined },
      ...{ scopes, write: () => undefined, now: () => clock() * 1000 },
    }),
    jwks: createJwksHandler({
      readPublicKey: createPublicKeyReader(kms, unused),
      isRollingBack: async () => false,
      respond: async (_, body) => void answers.push(body),
    }),
    /** What the custom resource answered. */
    answers,
  }
}
