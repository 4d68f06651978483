import { type Account, type AccountPage, type AccountStore, usernameOf } from '../domain/accounts/account.ts'
import type { AccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import type { CreateAccount } from '../domain/accounts/create-account.ts'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import type { ImportAccount } from '../domain/accounts/import-account.ts'
import type { SetAddress } from '../domain/accounts/set-address.ts'
import { readSubject } from '../domain/accounts/subject.ts'
import type { TryPassword } from '../domain/accounts/try-password.ts'
import { allSettledThenThrow } from '../domain/all-settled-then-throw.ts'
import type { Notify } from '../domain/mail/mail-event.ts'
import type { PasswordStore } from '../domain/passwords/password-store.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { ResetFactors } from '../domain/sign-in/enrolment/reset-factors.ts'
import type { FindCredentials } from '../domain/sign-in/factor-store.ts'
import type { SetPassword } from '../domain/sign-in/password/set-password.ts'
import { viewFactors } from '../http/api/factor-view.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import { type ApiKeyCommand, type ApiKeyDependencies, type ApiKeyResult, runApiKeyCommand } from './api-keys.ts'
import { changeAndTell } from './change-and-tell.ts'
import { type ClientCommand, type ClientDependencies, type ClientResult, runClientCommand } from './clients.ts'
import { type ExportPage, exportedPage } from './export.ts'
import { importBatch } from './import.ts'
import { type AdminCommand, readAdminCommand, readForeignAccount } from './request.ts'
import {
  type AccountView,
  type AdminFailure,
  describeFailure,
  type ImportReport,
  type ListPage,
  type StartedRecovery,
  type TryReport,
  viewOf,
} from './response.ts'
import { type Recoveries, startRecovery } from './start-recovery.ts'

type AdminResult =
  | (ClientResult | ApiKeyResult)
  | (AccountView | StartedRecovery | ListPage | ImportReport | TryReport | ExportPage)

/** `error` is a code of `describeFailure`; `error_description` says what to do. */
export type AdminResponse =
  | { readonly ok: true; readonly result: AdminResult }
  | { readonly ok: false; readonly error: string; readonly error_description: string }

type AdminDependencies = ClientDependencies &
  ApiKeyDependencies & {
    readonly accounts: Pick<AccountStore, 'findAccount' | 'setScope' | 'setGroups' | 'listAccounts'>
    readonly passwords: Pick<PasswordStore, 'findHash'>
    readonly lifecycle: AccountLifecycle
    readonly createAccount: CreateAccount
    readonly importAccount: ImportAccount
    readonly tryPassword: TryPassword
    readonly setPassword: SetPassword
    readonly setAddress: SetAddress
    readonly findCredentials: FindCredentials
    readonly resetFactors: ResetFactors
    readonly notify: Notify
    /** Undefined where mail is off. */
    readonly recoveries: Recoveries | undefined
    readonly scopes: readonly string[]
    readonly write: WriteLine
    readonly now: () => number
  }

/** The result of a command, and what the log says of it. */
type Done = { readonly result: AdminResult; readonly audit: Readonly<Record<string, string | number>> }

type InvocationContext = { readonly awsRequestId: string }

/** Runs admin commands. It has no route: IAM decides who may invoke the function, and CloudTrail records who did. */
export function createAdminHandler(dependencies: AdminDependencies) {
  const { write, now, scopes } = dependencies
  return async (event: unknown, context: InvocationContext): Promise<AdminResponse> => {
    const command = readAdminCommand(event)
    const outcome = command.ok ? await run(command.value, dependencies) : command
    const name = command.ok ? command.value.command : 'unreadable'
    write(logLine(now(), { ...auditOf(name, outcome), request_id: context.awsRequestId }))
    return outcome.ok
      ? { ok: true, result: outcome.value.result }
      : { ok: false, ...describeFailure(outcome.failure, scopes) }
  }
}

async function run(command: AdminCommand, dependencies: AdminDependencies): Promise<Result<Done, AdminFailure>> {
  switch (command.command) {
    case 'import-users': {
      const { restore, update, dry_run: dryRun, allow_personal_sub: allowPersonalSub } = command
      const options = { restore, allowPersonalSub, update, dryRun }
      const report = await importBatch(command.users, options, dependencies.importAccount, dependencies.scopes)
      return succeed({ result: report, audit: { ...countsOf(report), ...(dryRun && { dry_run: 1 }) } })
    }
    case 'try-password':
      return tryOne(command, dependencies)
    case 'export-users':
      return exportPage(command, dependencies)
    case 'list-users':
      return listPage(command, dependencies)
    case 'set-password':
    case 'set-email':
    case 'reset-factors':
    case 'rename-user': {
      const changed = await changeAndTell(command, dependencies)
      if (!changed.ok) return changed
      const { account, notice } = changed.value
      return succeed({ result: viewOf(account), audit: { sub: account.sub, ...(notice && { notice }) } })
    }
    case 'put-client':
    case 'list-clients':
    case 'delete-client':
    case 'rotate-client-secret':
      return runClientCommand(command, dependencies)
    case 'list-api-keys':
    case 'revoke-api-key':
      return runApiKeyCommand(command, await findByAny(command.username, dependencies), dependencies)
    case 'show-user':
      return show(command.username, dependencies)
    case 'start-recovery': {
      const started = await startRecovery(command.username, dependencies)
      if (!started.ok) return started
      const { account, ticket } = started.value
      const { sub } = account
      return succeed({ result: { sub, username: usernameOf(account), ticket }, audit: { sub } })
    }
    default: {
      const account = await runOnOne(command, dependencies)
      return account.ok ? succeed({ result: viewOf(account.value), audit: { sub: account.value.sub } }) : account
    }
  }
}

type OneUserCommand = Exclude<
  AdminCommand,
  {
    command:
      | ('import-users' | 'try-password' | 'export-users' | 'list-users')
      | (ClientCommand | ApiKeyCommand)['command']
      | ('set-password' | 'set-email' | 'rename-user' | 'reset-factors' | 'show-user' | 'start-recovery')
  }
>

async function runOnOne(
  command: OneUserCommand,
  dependencies: AdminDependencies,
): Promise<Result<Account, AdminFailure>> {
  const { accounts, lifecycle, createAccount, scopes } = dependencies
  const { username } = command
  if ('scope' in command && !command.scope.every((token) => scopes.includes(token)))
    return fail({ reason: 'unknown_scope' })
  switch (command.command) {
    case 'create-user':
      return createAccount(command)
    case 'disable-user':
      return found(await lifecycle.disable(username))
    case 'enable-user':
      return found(await lifecycle.enable(username))
    case 'set-scopes':
      return found(await change(username, ({ sub }) => accounts.setScope(sub, command.scope), lifecycle))
    case 'set-groups':
      return found(await change(username, ({ sub }) => accounts.setGroups(sub, command.groups), lifecycle))
    case 'revoke-sessions':
      return found(await lifecycle.revokeSessions(username))
    case 'delete-user':
      return found(await lifecycle.remove(username))
  }
}

const found = (account: Account | undefined): Result<Account, AdminFailure> =>
  account ? succeed(account) : fail({ reason: 'unknown_user' })

async function show(username: string, dependencies: AdminDependencies): Promise<Result<Done, AdminFailure>> {
  const account = await findByAny(username, dependencies)
  if (!account) return fail({ reason: 'unknown_user' })
  const factors = viewFactors((await dependencies.findCredentials(account.sub)).factors)
  const result = { ...viewOf(account), ...(factors.length > 0 && { factors }) }
  return succeed({ result, audit: { sub: account.sub } })
}

// An identifier before a subject: both are strings, and an identifier is what an administrator usually has.
async function findByAny(text: string, { accounts, lifecycle }: AdminDependencies): Promise<Account | undefined> {
  const identifier = canonicalIdentifier(text)
  const byIdentifier = identifier === undefined ? undefined : await lifecycle.find(identifier)
  const sub = readSubject(text)
  return byIdentifier ?? (sub === undefined ? undefined : accounts.findAccount(sub))
}

async function change(
  username: string,
  make: (account: Account) => Promise<Account | undefined>,
  lifecycle: Pick<AccountLifecycle, 'find'>,
): Promise<Account | undefined> {
  const account = await lifecycle.find(username)
  return account && make(account)
}

const countsOf = ({ created, updated, existing, refused }: ImportReport) => ({
  created,
  updated: updated.length,
  existing: existing.length,
  refused: refused.length,
})

type TryCommand = Extract<AdminCommand, { command: 'try-password' }>

async function tryOne(
  { user, password }: TryCommand,
  { tryPassword }: AdminDependencies,
): Promise<Result<Done, AdminFailure>> {
  const foreign = readForeignAccount(user)
  const matches = foreign.ok ? await tryPassword(foreign.value, password) : foreign
  return matches.ok ? succeed({ result: { matches: matches.value }, audit: {} }) : matches
}

type ExportCommand = Extract<AdminCommand, { command: 'export-users' }>

// Two reads for each account, and far from the 6 MB that a response of Lambda may have.
const exportLimit = 500

async function exportPage(
  { from: after, for: target }: ExportCommand,
  { accounts, passwords }: AdminDependencies,
): Promise<Result<Done, AdminFailure>> {
  const page = await accounts.listAccounts({ prefix: '', after, limit: exportLimit })
  const hashes = await allSettledThenThrow(page.accounts.map(({ sub }) => passwords.findHash(sub)))
  const stored = page.accounts.map((account, index) => ({ account, hash: hashes[index] }))
  const result = { ...exportedPage(stored, target), ...(page.cursor !== undefined && { next: page.cursor }) }
  return succeed({ result, audit: { exported: stored.length } })
}

type ListCommand = Extract<AdminCommand, { command: 'list-users' }>

async function listPage(
  { prefix, limit, cursor: after }: ListCommand,
  { accounts }: AdminDependencies,
): Promise<Result<Done, AdminFailure>> {
  if (after !== undefined && !after.startsWith(prefix)) return fail({ reason: 'foreign_cursor' })
  const { accounts: listed, cursor }: AccountPage = await accounts.listAccounts({ prefix, after, limit })
  const result = { users: listed.map(viewOf), ...(cursor !== undefined && { cursor }) }
  return succeed({ result, audit: { listed: listed.length } })
}

const auditOf = (command: string, outcome: Result<Done, AdminFailure>): object =>
  outcome.ok
    ? { event: 'authz_admin', command, outcome: 'success', ...outcome.value.audit }
    : { event: 'authz_admin', command, outcome: 'failure', reason: outcome.failure.reason }
