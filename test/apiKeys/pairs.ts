import { randomBytes } from 'node:crypto'
import { createDynamoDbCodes } from '../../functions/adapters/dynamodb/codes.ts'
import { createSessionLookUp } from '../../functions/adapters/dynamodb/sessions/session-look-up.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { interruptAt } from '../factors/interrupted.ts'
import { createKeyOwner, exchange, requestsOf, sidOf } from '../support/builders/api-keys.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { cheapHasher } from '../support/fakes/cheap-hasher.ts'
import type { TestTable } from '../support/table.ts'

/** Somebody with an API key that was used so many seconds ago, one that was not, and a code to recover the account. */
async function openScene(table: TestTable, seconds: number) {
  const service = await createOAuthService(table)
  const owner = await createKeyOwner(service)
  const [used, unused] = [(await owner.create()).json, (await owner.create()).json]
  const tokens = [String((await exchange(service, used.key)).json.access_token)]
  service.clock.advance(seconds)
  const codes = createCodes({ store: createDynamoDbCodes(table.client, table.name), randomBytes, clock: service.clock })
  const { ticket, handle } = await codes.open('recover', { identifier: `${service.account.sub}@example.com` })
  const mailed = await createMailRecoveryCode({ ...service.stores, codes })(handle, async () => true)
  if (!mailed.ok) throw new Error(mailed.failure.reason)
  const recovery = { ticket, code: mailed.value.code }
  return { table, service, owner, used, unused, keys: [used, unused], tokens, former: tokens[0] ?? '', recovery }
}

type Scene = Awaited<ReturnType<typeof openScene>>
type Act = (view: OAuthService, scene: Scene, table: TestTable) => Promise<unknown>

async function note(scene: Scene, answer: ReturnType<typeof exchange>) {
  const { access_token: token } = (await answer).json
  if (token !== undefined) scene.tokens.push(token)
}

/** What may be under way. Whatever comes of it is tried afterwards. */
const underWay: Readonly<Record<string, Act>> = {
  'the first exchange': async (view, scene) => note(scene, exchange(view, scene.unused.key)),
  'a later exchange': async (view, scene) => note(scene, exchange(view, scene.used.key)),
  'the first exchange of a day': async (view, scene) => note(scene, exchange(view, scene.used.key)),
  'the renewal of the session': async (view, scene) => note(scene, exchange(view, scene.used.key)),
  'the creation of a key': async (view, scene) => {
    const { json, status } = await requestsOf(view, scene.owner.token).create()
    if (status === 201) scene.keys.push(json)
  },
  'the revocation of a token': (view, { former }) => view.call('POST /revoke', { form: { token: former } }),
}

/** How long before an act a key was last used, in seconds. */
const pauses: Readonly<Record<string, number>> = {
  'the first exchange of a day': 86_400,
  'the renewal of the session': 29 * 86_400,
}

const nextPassword = readPassword('another long password') as Password

/** What ends keys: those of an account, or one after the other. */
export const ends: Readonly<Record<string, Act>> = {
  disable: ({ lifecycle, username }) => lifecycle.disable(username),
  'disable and enable': async ({ lifecycle, username }) => {
    await lifecycle.disable(username)
    await lifecycle.enable(username)
  },
  delete: ({ lifecycle, username }) => lifecycle.remove(username),
  'delete and restore': async ({ lifecycle, username, stores, account }) => {
    await lifecycle.remove(username)
    await stores.accounts.putNewAccount({ account, subject: 'restored' })
  },
  'set-password': async ({ stores, account }) => {
    await stores.passwords.setHash(account.sub, 'another hash')
    const { epoch, sessions } = await stores.sessions.listSessions(account.sub)
    const ended = sessions.filter((session) => session.epoch < epoch)
    await Promise.all(ended.map(({ id }) => stores.sessions.deleteSession(account.sub, id)))
  },
  recovery: async ({ stores, confirmations, clock }, { recovery }, { client, name }) => {
    const codes = createCodes({ store: createDynamoDbCodes(client, name), randomBytes, clock })
    const policy = { minimumLength: 15, serviceName: 'Shop' }
    const recover = createRecoverPassword({ ...stores, confirmations, codes, hasher: cheapHasher, policy })
    const recovered = await recover({ ...recovery, next: nextPassword })
    if (!recovered.ok) throw new Error(recovered.failure.reason)
  },
  'its owner revokes it': async ({ apiKeys, account }, { used, unused }) => {
    for (const { id } of [used, unused]) await apiKeys.revokeApiKey(account.sub, id)
  },
}

/** Whether it ends only the keys that there were. */
const sparesNew = (end: string): boolean => end === 'its owner revokes it'

/** What still works after a race, and must not, and where the list says something else than is so. */
async function observe({ table, service, keys, tokens, used, unused }: Scene, end: string) {
  const { account, apiKeys, lifecycle, username } = service
  const isAlive = createSessionLookUp(table.client, table.name)
  const alive = await Promise.all(tokens.map((token) => isAlive(account.sub, sidOf(token))))
  await lifecycle.enable(username)
  const ended = sparesNew(end) ? [used, unused] : keys
  const exchanged = await Promise.all(keys.map(async ({ key }) => (await exchange(service, key)).status === 200))
  const listed = await apiKeys.listApiKeys(account.sub)
  return {
    tokens: alive.filter(Boolean).length,
    keys: keys.filter((key, index) => ended.includes(key) && exchanged[index]).length,
    unlisted: keys.filter(({ id }, index) => exchanged[index] !== listed.some((each) => each.id === id)).length,
  }
}

export const nothingWorks = { tokens: 0, keys: 0, unlisted: 0 }

type Race = { readonly under: string; readonly end: string; readonly at: number; readonly isEndLong: boolean }

/** What is left when one act comes into another before its call number `at`. Undefined where it has no such call. */
async function raceOf(table: TestTable, { under, end, at, isEndLong }: Race) {
  const acts = [underWay[under] as Act, ends[end] as Act] as const
  const [long, short] = isEndLong ? [acts[1], acts[0]] : acts
  const scene = await openScene(table, pauses[under] ?? 0)
  const { service } = scene
  const { client, calls } = interruptAt(table.client, at, () => short(service, scene, table))
  const viewed = { ...table, client }
  const view = await createOAuthService(viewed, { existing: service.account, clock: service.clock })
  // It may have to be repeated, as after any other change at the same moment.
  const act = long(view, scene, viewed)
  await (isEndLong ? act.catch(() => long(service, scene, table)) : act)
  return calls.made <= at ? undefined : observe(scene, end)
}

/** The end comes into what is under way, which began before it. */
export const raceIntoAct = (table: TestTable, under: string, end: string, at: number) =>
  raceOf(table, { under, end, at, isEndLong: false })

/** What is under way comes into the end, which is complete afterwards. */
export const raceIntoEnd = (table: TestTable, under: string, end: string, at: number) =>
  raceOf(table, { under, end, at, isEndLong: true })

export const pairs = Object.keys(underWay).flatMap((under) => Object.keys(ends).map((end) => [under, end] as const))
