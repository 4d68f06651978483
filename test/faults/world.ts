import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { clientConfig } from '../../functions/adapters/aws-client.ts'
import { attemptsKey } from '../../functions/adapters/dynamodb/throttling/attempts.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { publicJwk } from '../../functions/domain/tokens/jwk-set.ts'
import { importJwkSet } from '../../functions/domain/tokens/verification-keys.ts'
import { aUser } from '../support/builders/users.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import { type Plan, startFaultyAws } from '../support/fakes/faulty-aws.ts'
import { stoppedClock } from '../support/fakes/stopped-clock.ts'
import { key, startAws, table } from '../support/local-aws.ts'
import { createService } from './service.ts'

export const password = 'correct horse battery staple'
const passwordHash = await cheapHasher.hash(password as Password)

/** How often a client tries, and how long it waits for each answer. */
export type Patience = { readonly maxAttempts: number; readonly milliseconds: number }

/** In milliseconds: longer than any call takes, on a machine that is busy too. */
export const patient = 600_000

const usual: Patience = { maxAttempts: clientConfig.maxAttempts, milliseconds: patient }

type CaseSettings = {
  readonly plan?: Plan | undefined
  /** As often as the functions do, and as long as it takes, unless it is given. */
  readonly patience?: Patience | undefined
  /** For how many seconds a refresh token that was used gets its successor again. */
  readonly grace?: number
}

const configOf = ({
  maxAttempts,
  milliseconds,
}: Patience): Pick<DynamoDBClientConfig, 'maxAttempts' | 'requestHandler'> => ({
  maxAttempts,
  requestHandler: {
    ...clientConfig.requestHandler,
    connectionTimeout: milliseconds,
    requestTimeout: milliseconds,
    socketTimeout: milliseconds,
  },
})

/** What the owner's hook answers, and `null` for everything else that is invoked. */
const hook = async (name: string, payload: string) => {
  if (name !== 'claims') return { payload: 'null' }
  const claimsAndScopeOverrideDetails = { accessTokenGeneration: { claimsToAddOrOverride: { tenant: 't-1' } } }
  return { payload: JSON.stringify({ ...JSON.parse(payload), response: { claimsAndScopeOverrideDetails } }) }
}

/** The account that the functions call: the local one, behind a proxy that fails each case as its plan says. */
export async function openWorld() {
  await using opened = new AsyncDisposableStack()
  const { owner, url } = opened.use(await startAws([], { invoke: hook }))
  const faulty = opened.use(await startFaultyAws(url, 'AKIAOWNER'))
  const { PublicKey = new Uint8Array() } = await owner.kms.send(new GetPublicKeyCommand({ KeyId: key.keyId }))
  const jwk = await publicJwk(PublicKey)
  const keys = importJwkSet(JSON.stringify({ keys: [jwk] }))
  const documents = DynamoDBDocumentClient.from(owner.dynamodb)
  const running = opened.move()
  let cases = 0

  /** A user, whose calls meet no fault by `service` and the plan's by `faulty`. All cases have users of their own. */
  const newCase = ({ plan, patience = usual, grace = 10 }: CaseSettings = {}) => {
    cases += 1
    const username = `user-${cases}`
    const sub = `subject-${cases}`
    const address = `10.0.${cases >> 8}.${cases & 255}`
    const clock = stoppedClock()
    const place = { tableName: table.name, signingKey: { id: key.keyId, kid: jwk.kid }, keys, clock, grace }
    const client = faulty.admit(plan)
    const config = { ...configOf(patience), ...client.config }
    const lambda = { endpoint: config.endpoint, timeLimit: patience.milliseconds }
    const clients = { dynamodb: new DynamoDBClient(config), kms: new KMSClient(config), lambda }
    // Without a limit of time: on a busy machine a call that meets no fault may still take long.
    const ownerOf = { ...owner, lambda: { endpoint: url, timeLimit: patient } }
    const service = createService(ownerOf, place, address)
    const throttleKey = attemptsKey({ identifier: username })
    return {
      ...{ username, sub, clock, service },
      faulty: createService(clients, place, address),
      calls: client.calls,
      pending: client.pending,
      newUser: async (hash = passwordHash) => {
        await service.users.putNewUser(aUser({ username, sub, passwordHash: hash, scope: ['a', 'b'] }))
      },
      /** How many failures of the account are counted. */
      failures: async (): Promise<number> => {
        const { Item } = await documents.send(
          new GetCommand({ TableName: table.name, Key: throttleKey, ConsistentRead: true }),
        )
        return Number(Item?.['failures'] ?? 0)
      },
      putFailures: (item: object) =>
        documents.send(new PutCommand({ TableName: table.name, Item: { ...throttleKey, ...item } })),
      close: () => [clients.dynamodb, clients.kms].map((each) => each.destroy()),
    }
  }
  return { newCase, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export type Case = ReturnType<Awaited<ReturnType<typeof openWorld>>['newCase']>
