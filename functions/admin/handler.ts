import type { User, UserStore } from '../domain/accounts/account.ts'
import type { AccountLifecycle } from '../domain/accounts/account-lifecycle.ts'
import type { CreateAccount } from '../domain/accounts/create-account.ts'
import type { ImportAccount } from '../domain/accounts/import-account.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import type { SetPassword } from '../domain/sign-in/set-password.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import { importBatch } from './import.ts'
import { type AdminCommand, readAdminCommand } from './request.ts'
import {
  type AccountView,
  type AdminFailure,
  describeFailure,
  type ExportPage,
  exportedOf,
  type ImportReport,
  viewOf,
} from './response.ts'

/** `error` is a code of `describeFailure`; `error_description` says what to do. */
export type AdminResponse =
  | { readonly ok: true; readonly result: AccountView | ImportReport | ExportPage }
  | { readonly ok: false; readonly error: string; readonly error_description: string }

export type AdminDependencies = {
  readonly createAccount: CreateAccount
  readonly accountLifecycle: AccountLifecycle
  readonly setPassword: SetPassword
  readonly importAccount: ImportAccount
  readonly users: Pick<UserStore, 'findUser' | 'setDisabled' | 'setScope' | 'listUsers'>
  readonly scopes: readonly string[]
  readonly write: WriteLine
  readonly now: () => number
}

/** What a command gave: for who asked, and for the log. */
type Done = {
  readonly result: AccountView | ImportReport | ExportPage
  readonly audit: Readonly<Record<string, string | number>>
}

type InvocationContext = { readonly awsRequestId: string }

/** Runs admin commands. It has no route: IAM lets in who may invoke the function, and CloudTrail alone can tell who it was. */
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
    case 'import-users':
      return imported(await importBatch(command.users, dependencies.importAccount, dependencies.scopes))
    case 'export-users':
      return exported(await dependencies.users.listUsers(command.from))
    default: {
      const user = await runOnOne(command, dependencies)
      return user.ok ? succeed({ result: viewOf(user.value), audit: { sub: user.value.sub } }) : user
    }
  }
}

type OneUserCommand = Exclude<AdminCommand, { command: 'import-users' | 'export-users' }>

async function runOnOne(command: OneUserCommand, dependencies: AdminDependencies): Promise<Result<User, AdminFailure>> {
  const { users, accountLifecycle, setPassword, createAccount, scopes } = dependencies
  const { username } = command
  if ('scope' in command && !command.scope.every((token) => scopes.includes(token)))
    return fail({ reason: 'unknown_scope' })
  switch (command.command) {
    case 'create-user':
      return createAccount(command)
    case 'show-user':
      return found(await users.findUser(username))
    case 'disable-user':
      return found(await accountLifecycle.disableUser(username))
    case 'enable-user':
      return found(await users.setDisabled(username, false))
    case 'set-scopes':
      return found(await users.setScope(username, command.scope))
    case 'set-password':
      return setPassword(username, command.password)
    case 'revoke-sessions':
      return found(await accountLifecycle.revokeSessions(username))
    case 'delete-user':
      return found(await accountLifecycle.deleteUser(username))
  }
}

const found = (user: User | undefined): Result<User, AdminFailure> =>
  user ? succeed(user) : fail({ reason: 'unknown_user' })

function imported(report: ImportReport): Result<Done, AdminFailure> {
  const { created, existing, refused } = report
  return succeed({ result: report, audit: { created, existing: existing.length, refused: refused.length } })
}

function exported(page: Awaited<ReturnType<UserStore['listUsers']>>): Result<Done, AdminFailure> {
  if (!page) return fail({ reason: 'unknown_page' })
  const users = page.users.map(exportedOf)
  const result = { users, ...(page.next === undefined ? {} : { next: page.next }) }
  return succeed({ result, audit: { exported: users.length } })
}

const auditOf = (command: string, outcome: Result<Done, AdminFailure>): object =>
  outcome.ok
    ? { event: 'authz_admin', command, outcome: 'success', ...outcome.value.audit }
    : { event: 'authz_admin', command, outcome: 'failure', reason: outcome.failure.reason }
