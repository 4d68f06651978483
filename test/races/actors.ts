import { randomBytes } from 'node:crypto'
import { addressOf } from '../../functions/domain/accounts/account.ts'
import { createAccountLifecycle } from '../../functions/domain/accounts/account-lifecycle.ts'
import { createConfirmAddress } from '../../functions/domain/accounts/confirm-address.ts'
import { createCreateAccount } from '../../functions/domain/accounts/create-account.ts'
import { createImportAccount, type ImportOutcome } from '../../functions/domain/accounts/import-account.ts'
import { createSetAddress } from '../../functions/domain/accounts/set-address.ts'
import { createCodes } from '../../functions/domain/codes/codes.ts'
import type { PasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import type { Password } from '../../functions/domain/passwords/password.ts'
import { type Result, succeed } from '../../functions/domain/result.ts'
import { createFindLiveSession } from '../../functions/domain/sessions/live-session.ts'
import { asClient, createOwnSessions } from '../../functions/domain/sessions/own-sessions.ts'
import { readRefreshToken, sessionIdOf } from '../../functions/domain/sessions/refresh-token.ts'
import type { Session } from '../../functions/domain/sessions/session.ts'
import { createMailRecoveryCode } from '../../functions/domain/sign-in/password/mail-recovery-code.ts'
import { createRecoverPassword } from '../../functions/domain/sign-in/password/recover-password.ts'
import { createSetPassword } from '../../functions/domain/sign-in/password/set-password.ts'
import { wireChangePassword } from '../../functions/wiring/change-password.ts'
import { wireRefresh } from '../../functions/wiring/refresh.ts'
import { wireLogIn } from '../../functions/wiring/sign-in/log-in.ts'
import { wireStartSession } from '../../functions/wiring/start-session.ts'
import { complete, passwordOnly } from '../support/builders/log-in.ts'
import { type ConfirmingStores, createMemoryStores } from '../support/fakes/memory-stores.ts'
import { noClients } from '../support/fakes/no-clients.ts'
import { noDevices, uncounted } from '../support/fakes/unthrottled.ts'

// No hash is computed: a hash is its password with a scheme, and one of the scheme `outdated` is to be renewed.
const hasher: PasswordHasher = {
  hash: async (password) => `present ${password}`,
  verify: async (password, stored) => stored.replace(/^\w+ /, '') === password,
  prepareImport: async (hash) => succeed(hash),
  isRenewable: async (_, stored) => stored.startsWith('outdated '),
  decoy: 'decoy',
}

const env = {
  ...passwordOnly,
  ...{
    SESSION_IDLE_LIMIT: 1000,
    SESSION_LIMIT: 1000,
    SESSIONS_PER_USER: 50,
    REFRESH_GRACE: 60,
    CLAIMS_AT_REFRESH: false,
  },
  ...{ CLIENTS: ['web'], SCOPES: [], ACCOUNT_FAILURES: 0, ADDRESS_FAILURES: 0 },
}
const limits = { idle: 1000, absolute: 1000 }
const policy = { minimumLength: 8, serviceName: 'Latchkey' }
const clock = () => 1_800_000_000
const options = { restore: true, allowPersonalSub: false, update: false, dryRun: false }
const as = (text: string) => text as Password

const authentication = { authTime: 0, amr: ['pwd'] } as const
const passwords = {
  old: as('the old password'),
  change: as('chosen by the owner'),
  reset: as('set by an administrator'),
  recovered: as('chosen for a code by mail'),
  imported: as('of the other system'),
  newer: as('changed in the other system'),
}

const codesIn = ({ codes: store }: ConfirmingStores) => createCodes({ store, randomBytes, clock })

/** Everything that acts on the stores. */
export function createActs(stores: ConfirmingStores) {
  const parts = {
    stores: { ...stores, attempts: uncounted, devices: noDevices },
    issueAccessToken: async () => 'token',
    askClaims: undefined,
    hasher,
    clock,
  }
  const codes = codesIn(stores)
  const attempts = { clearAccount: async () => undefined }
  const common = { ...stores, hasher, policy, clock, attempts, scopes: [], newId: () => 'sub-of-eve' }
  return {
    logIn: wireLogIn(parts, env),
    startSession: wireStartSession(parts, env),
    refresh: wireRefresh({ ...noClients, ...parts }, { ...env, AUDIENCE: 'https://api.example.com', RESOURCES: [] }),
    changePassword: wireChangePassword(parts, env, policy),
    createAccount: createCreateAccount(common),
    importAccount: createImportAccount(common),
    setPassword: createSetPassword(common),
    openRecovery: (identifier: string) => codes.open('recover', { identifier }),
    mailRecoveryCode: createMailRecoveryCode({ ...stores, codes }),
    recoverPassword: createRecoverPassword({ ...common, codes }),
    lifecycle: createAccountLifecycle(stores),
    ownSessions: createOwnSessions({ mayAsk: asClient, ...stores, clock, limits }),
    findLiveSession: createFindLiveSession({ ...stores, clock, limits }),
    confirmAddress: createConfirmAddress({ ...stores, codes }),
    setAddress: createSetAddress(stores),
  }
}

type Acts = ReturnType<typeof createActs>

export type Person = 'ada' | 'eve' | 'zoe' | 'zoe with a present hash'

/** The account that the pair is about, and the refresh tokens of the two sessions that it has at the start. */
export type Scene = {
  readonly username: string
  readonly sub: string
  readonly mine: string
  readonly other: string
  /** Of a change of address that the owner has asked for. */
  readonly ticket: string
  readonly code: string
  /** Of a recovery whose code was mailed at the start. */
  readonly recovery: { readonly ticket: string; readonly code: string }
}

/** What an actor got: whether it worked, and the refresh token that it holds now. */
export type Gain = { readonly ok: boolean; readonly token?: string }

export type Actor = (acts: Acts, scene: Scene) => Promise<Gain>

const failed: Gain = { ok: false }

const sidOf = (token: string): string => sessionIdOf(readRefreshToken(token)?.family ?? new Uint8Array())

const gainOf = (result: Result<{ readonly refreshToken: string }, unknown>): Gain =>
  result.ok ? { ok: true, token: result.value.refreshToken } : { ok: false }

const logInWith = async ({ logIn }: Acts, username: string, password: Password): Promise<Gain> => {
  const loggedIn = await logIn({ username, password, address: '192.0.2.1', clientId: 'web', scope: undefined })
  return loggedIn.ok ? { ok: true, token: complete(loggedIn.value).started.refreshToken } : { ok: false }
}

const refreshWith = async ({ refresh }: Acts, refreshToken: string): Promise<Gain> =>
  gainOf(await refresh({ refreshToken, clientId: undefined, scope: undefined }))

const changed = (imported: Result<ImportOutcome, unknown>): Gain => ({
  ok: imported.ok && imported.value !== 'unchanged',
})

export const importEve: Actor = async ({ importAccount }, { username, sub }) => {
  const account = { username, sub, passwordHash: `outdated ${passwords.imported}`, scope: [], disabled: false }
  return changed(await importAccount(account, options))
}

/** The file of a second dump, in which the password of an account is another. */
const update: Actor = async ({ importAccount }, { username, sub }) => {
  const account = { username, sub, passwordHash: `outdated ${passwords.newer}`, scope: [], disabled: true }
  return changed(await importAccount(account, { ...options, update: true }))
}

const changeBy =
  (which: 'mine' | 'other'): Actor =>
  async ({ changePassword }, { sub, ...scene }) => {
    const change = { current: passwords.old, next: passwords.change, address: '192.0.2.1' }
    return gainOf(await changePassword({ sub, sid: sidOf(scene[which]), ...change }))
  }

const setPassword: Actor = async (acts, { username }) => acts.setPassword(username, passwords.reset)

/** As the handler does it. */
const confirmAddress: Actor = async (acts, { sub, mine, ticket, code }) => {
  const live = await acts.findLiveSession({ sub, sid: sidOf(mine) })
  return { ok: live.ok && (await acts.confirmAddress({ sub, ticket, code })).ok }
}

const recover: Actor = async ({ recoverPassword }, { recovery }) => ({
  ok: (await recoverPassword({ ...recovery, next: passwords.recovered })).ok,
})

/** The whole of a recovery: its code is mailed for the account as it is by then. */
const askAndRecover: Actor = async (acts, { username }) => {
  const { ticket, handle } = await acts.openRecovery(username)
  const mailed = await acts.mailRecoveryCode(handle, async () => true)
  if (!mailed.ok) return failed
  const { code } = mailed.value
  return { ok: (await acts.recoverPassword({ ticket, code, next: passwords.recovered })).ok }
}

const setAddress: Actor = async (acts, { username }) => ({
  ok: (await acts.setAddress({ username, address: 'ada@example.org', isVerified: false })).ok,
})

const logIn: Actor = (acts, { username }) => logInWith(acts, username, passwords.old)

/**
 * What may be under way. Those of `eve` make an account that is not there at the start; `zoe` was imported, and has sessions
 * as if they began while the import was going on.
 */
export const underWay: Readonly<Record<string, { readonly of: Person; readonly act: Actor }>> = {
  'log-in': { of: 'ada', act: logIn },
  'first log-in': { of: 'zoe', act: logIn },
  'first log-in with a hash that stays': { of: 'zoe with a present hash', act: logIn },
  refresh: { of: 'ada', act: (acts, { mine }) => refreshWith(acts, mine) },
  register: {
    of: 'eve',
    act: async ({ createAccount }, { username }) => createAccount({ username, password: passwords.old, scope: [] }),
  },
  'password change': { of: 'ada', act: changeBy('mine') },
  import: { of: 'eve', act: importEve },
  'set-password': { of: 'ada', act: setPassword },
  'password change after an import': { of: 'zoe', act: changeBy('mine') },
  'import --update': { of: 'zoe', act: update },
  'change of address': { of: 'ada', act: confirmAddress },
  'set-email': { of: 'ada', act: setAddress },
  'confirmation of a recovery': { of: 'ada', act: recover },
  recovery: { of: 'ada', act: askAndRecover },
}

/** What ends sessions, passwords or accounts. */
export const ends: Readonly<Record<string, Actor>> = {
  disable: async ({ lifecycle }, { username }) => ({ ok: (await lifecycle.disable(username)) !== undefined }),
  delete: async ({ lifecycle }, { username }) => ({ ok: (await lifecycle.remove(username)) !== undefined }),
  'delete and re-import': async (acts, scene) => {
    const removed = await acts.lifecycle.remove(scene.username)
    return { ok: removed !== undefined && (await importEve(acts, scene)).ok }
  },
  'set-password': setPassword,
  'password change': changeBy('other'),
  'revoke-sessions': async ({ lifecycle }, { username }) => ({
    ok: (await lifecycle.revokeSessions(username)) !== undefined,
  }),
  'end of all sessions': async ({ ownSessions }, { sub, other }) => ({
    ok: (await ownSessions.endAll({ sub, sid: sidOf(other) })).ok,
  }),
  'import --update': update,
  'change of address': confirmAddress,
  'confirmation of a recovery': recover,
}

/** Stores with the account of a pair, and its scene. */
export async function openScene(of: Person): Promise<{ readonly stores: ConfirmingStores; readonly scene: Scene }> {
  const sub = `sub-of-${of}`
  const identifiers = [of, `${of.replaceAll(' ', '-')}@example.com`]
  const account = { sub, identifiers, emailVerified: false, scope: [], disabled: false, createdAt: 1 }
  const passwordHash = `${of === 'zoe with a present hash' ? 'present' : 'outdated'} ${passwords.old}`
  const stores = createMemoryStores(...(of === 'eve' ? [] : [{ account, passwordHash, isImported: of !== 'ada' }]))
  const { startSession, openRecovery, mailRecoveryCode } = createActs(stores)
  // No log-in: it would renew the hash, and an imported account would not be one any more.
  const start = async () => {
    const started = await startSession({ account, epoch: 0, clientId: 'web', asked: undefined, authentication })
    return started.ok ? started.value.refreshToken : ''
  }
  const [mine, other] = of === 'eve' ? ['', ''] : [await start(), await start()]
  const codes = codesIn(stores)
  const { ticket, handle } = await codes.open('email', { sub, epoch: 0, address: 'ada@example.net' })
  const code = (await codes.renewCode('email', handle, undefined)) ?? ''
  const asked = await openRecovery(of)
  const mailed = await mailRecoveryCode(asked.handle, async () => true)
  const recovery = { ticket: asked.ticket, code: mailed.ok ? mailed.value.code : '' }
  return { stores, scene: { username: of, sub, mine, other, ticket, code, recovery } }
}

/** All that can be seen of an account from outside, also after it is enabled again. */
export async function observe(stores: ConfirmingStores, { username, sub, mine, other }: Scene, gains: readonly Gain[]) {
  const acts = createActs(stores)
  const tokens = [mine, other, ...gains.map(({ token }) => token ?? '')]
  // An access token of immediate revocation is let in while its session is stored.
  const stored = await Promise.all(tokens.map(async (token) => token !== '' && isStored(stores, sub, token)))
  const account = await acts.lifecycle.find(username)
  const works = async () => ({
    opening: await opening(stores, username),
    refreshing: await Promise.all(tokens.map(async (token) => token !== '' && canRefresh(stores, token))),
  })
  const now = await works()
  await acts.lifecycle.enable(username)
  return {
    worked: gains.map(({ ok }) => ok),
    exists: account !== undefined,
    disabled: account?.disabled,
    address: account && [addressOf(account), account.emailVerified],
    updatable: (await stores.passwords.findPassword(sub))?.isImported,
    stored,
    now,
    enabled: await works(),
  }
}

const isStored = async ({ sessions }: ConfirmingStores, sub: string, token: string): Promise<boolean> =>
  (await sessions.findSession(sub, sidOf(token))) !== undefined

async function canRefresh(stores: ConfirmingStores, token: string): Promise<boolean> {
  const { sessions } = stores
  // Without leaving a trace: what a refresh writes is not kept.
  const readOnly = {
    ...sessions,
    replaceSession: async (_: Session, session: Session) => ({ isReplaced: true, session }),
    deleteSession: async () => true,
  }
  return (await refreshWith(createActs({ ...stores, sessions: readOnly }), token)).ok
}

async function opening(stores: ConfirmingStores, username: string): Promise<readonly string[]> {
  const sub = await stores.accounts.findSubject(username)
  const account = sub === undefined ? undefined : await stores.accounts.findAccount(sub)
  const hash = sub === undefined ? undefined : await stores.passwords.findHash(sub)
  if (!account || account.disabled || hash === undefined) return []
  const matches = await Promise.all(
    Object.entries(passwords).map(async ([name, each]) => [name, await hasher.verify(each, hash)]),
  )
  return matches.flatMap(([name, matched]) => (matched ? [String(name)] : []))
}
