import { randomBytes } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { CryptoKey } from 'jose'
import { createDynamoDbAttempts } from '../../functions/adapters/dynamodb/attempts.ts'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/session-look-up.ts'
import { createDynamoDbSessions } from '../../functions/adapters/dynamodb/sessions.ts'
import { createDynamoDbSubjects } from '../../functions/adapters/dynamodb/subjects.ts'
import { createDynamoDbUsers } from '../../functions/adapters/dynamodb/users.ts'
import { createPublicKeyReader } from '../../functions/adapters/kms/public-key.ts'
import { createKmsSigner } from '../../functions/adapters/kms/signer.ts'
import { createAdminHandler } from '../../functions/admin/handler.ts'
import { createAccountLifecycle } from '../../functions/domain/accounts/account-lifecycle.ts'
import { createCreateAccount } from '../../functions/domain/accounts/create-account.ts'
import { createImportAccount } from '../../functions/domain/accounts/import-account.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { createLiveTokenVerifier } from '../../functions/domain/sessions/live-token.ts'
import { createOwnSessions } from '../../functions/domain/sessions/own-sessions.ts'
import { createRefresh } from '../../functions/domain/sessions/refresh.ts'
import { createRevoke } from '../../functions/domain/sessions/revoke.ts'
import { createStartSession } from '../../functions/domain/sessions/start-session.ts'
import { createAuthenticate } from '../../functions/domain/sign-in/authenticate.ts'
import { createChangePassword } from '../../functions/domain/sign-in/change-password.ts'
import { createRecordSuccess } from '../../functions/domain/sign-in/record-success.ts'
import { createSetPassword } from '../../functions/domain/sign-in/set-password.ts'
import { createThrottle } from '../../functions/domain/throttling/throttle.ts'
import { createAccessTokenIssuer, createAccessTokenVerifier } from '../../functions/domain/tokens/access-token.ts'
import { createAuthorizer } from '../../functions/http/authorizer/authorizer.ts'
import { createJwksHandler } from '../../functions/jwks/handler.ts'
import { createLoginHandler } from '../../functions/login/handler.ts'
import { createPasswordHandler } from '../../functions/password/handler.ts'
import { createRegisterHandler } from '../../functions/register/handler.ts'
import { createRevokeHandler } from '../../functions/revoke/handler.ts'
import { createSessionsHandler } from '../../functions/sessions/handler.ts'
import { createTokenHandler } from '../../functions/token/handler.ts'
import { noRules } from '../support/authorizer.ts'
import { audience, issuer } from '../support/builders/service.ts'
import { cheapHasher as hasher } from '../support/fakes/cheap-hasher.ts'
import type { stoppedClock } from '../support/fakes/stopped-clock.ts'

export type Clients = { readonly dynamodb: DynamoDBClient; readonly kms: KMSClient }

export type Place = {
  readonly tableName: string
  readonly signingKey: { readonly id: string; readonly kid: string }
  readonly keys: ReadonlyMap<string, CryptoKey>
  readonly clock: ReturnType<typeof stoppedClock>
  readonly grace: number
}

const day = 86_400
const limits = { idle: 30 * day, absolute: 90 * day }
const [clients, scopes] = [
  ['web', 'mobile'],
  ['a', 'b'],
]
export const failuresToLock = 3
export const sessionsPerUser = 2

const unused = async () => {
  throw new Error('Nobody is denied a key here.')
}

/** The handlers of all functions that call AWS, put together as their index.ts do. */
export function createHandlers({ dynamodb, kms }: Clients, { tableName, signingKey, keys, clock, grace }: Place) {
  const table = DynamoDBDocumentClient.from(dynamodb)
  const users = createDynamoDbUsers(table, tableName)
  const sessions = createDynamoDbSessions(table, tableName)
  const attempts = createDynamoDbAttempts(table, tableName)
  const rules = { issuer, audience, lifetime: 900 }
  const issueAccessToken = createAccessTokenIssuer(
    rules,
    createKmsSigner(kms, signingKey.id, signingKey.kid),
    clock,
    randomId,
  )
  const throttle = createThrottle(attempts, { accountFailures: failuresToLock, addressFailures: 100 }, clock)
  const policy = { minimumLength: 15, serviceName: 'Latchkey' }
  const common = { users, sessions, issueAccessToken, clock, randomBytes, limits, hasher, throttle, policy, scopes }
  const startSession = createStartSession({ ...common, perUser: sessionsPerUser })
  const authenticate = createAuthenticate(common)
  const verify = createLiveTokenVerifier(
    createAccessTokenVerifier({ issuer, audience, keys }, clock),
    createSessionLookUp(table, tableName),
  )
  const createAccount = createCreateAccount({ ...common, newId: randomId })
  const answers: string[] = []
  return {
    users,
    sessions,
    attempts,
    login: createLoginHandler({
      authenticate,
      recordSuccess: createRecordSuccess(common),
      startSession,
      hashForLog: () => 'hash',
      clients,
      lifetime: 900,
    }),
    token: createTokenHandler({ refresh: createRefresh({ ...common, grace, clients }), lifetime: 900 }),
    revoke: createRevokeHandler(createRevoke(sessions)),
    register: createRegisterHandler({ createAccount, throttle }),
    password: createPasswordHandler({
      changePassword: createChangePassword({ ...common, authenticate, startSession }),
      lifetime: 900,
    }),
    sessionsOfCaller: createSessionsHandler({ ownSessions: createOwnSessions(common), limits }),
    authorizer: createAuthorizer(
      verify,
      noRules,
      () => undefined,
      () => clock() * 1000,
    ),
    admin: createAdminHandler({
      createAccount,
      setPassword: createSetPassword({ ...common, attempts }),
      importAccount: createImportAccount({
        ...common,
        subjects: createDynamoDbSubjects(table, tableName),
        newId: randomId,
      }),
      accountLifecycle: createAccountLifecycle(common),
      users,
      scopes,
      write: () => undefined,
      now: () => clock() * 1000,
    }),
    jwks: createJwksHandler({
      readPublicKey: createPublicKeyReader(kms, unused),
      respond: async (_, body) => void answers.push(body),
    }),
    /** What the custom resource answered. */
    answers,
  }
}
