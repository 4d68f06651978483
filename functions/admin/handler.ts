import type { AccountEnd } from '../domain/account-end.ts'
import type { AccountFailure, CreateAccount } from '../domain/accounts.ts'
import { passwordRefusal } from '../domain/password-policy.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { scopeText } from '../domain/scope.ts'
import type { User, UserStore } from '../domain/user.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import { type AdminCommand, type AdminRequestFailure, readAdminCommand } from './request.ts'

/** An account as an administrator sees it: all but its password hash (SECURITY 55). */
export type AccountView = {
  readonly sub: string
  readonly username: string
  readonly scope: string
  readonly disabled: boolean
  readonly created_at: number
}

/** `error` is one of the codes below; `error_description` says what to do. */
export type AdminAnswer =
  | { readonly ok: true; readonly result: AccountView }
  | { readonly ok: false; readonly error: string; readonly error_description: string }

export type AdminDependencies = {
  readonly createAccount: CreateAccount
  readonly accountEnd: AccountEnd
  readonly users: Pick<UserStore, 'findUser' | 'setDisabled'>
  readonly scopes: readonly string[]
  readonly write: WriteLine
  readonly now: () => number
}

type AdminFailure =
  | AdminRequestFailure
  | AccountFailure
  | { readonly reason: 'unknown_scope'; readonly scopes: readonly string[] }
  | { readonly reason: 'unknown_user' }

type InvocationContext = { readonly awsRequestId: string }

/** Runs admin commands. It has no route: whoever may invoke the function is let in by IAM, and CloudTrail knows it. */
export function createAdminHandler(dependencies: AdminDependencies) {
  return async (event: unknown, context: InvocationContext): Promise<AdminAnswer> => {
    const command = readAdminCommand(event)
    const outcome = command.ok ? await run(command.value, dependencies) : command
    const name = command.ok ? command.value.command : 'unreadable'
    dependencies.write(logLine(dependencies.now(), { ...auditOf(name, outcome), request_id: context.awsRequestId }))
    return outcome.ok ? { ok: true, result: viewOf(outcome.value) } : { ok: false, ...describe(outcome.failure) }
  }
}

async function run(command: AdminCommand, dependencies: AdminDependencies): Promise<Result<User, AdminFailure>> {
  const { users, accountEnd } = dependencies
  switch (command.command) {
    case 'create-user':
      return createUser(command, dependencies)
    case 'show-user':
      return found(await users.findUser(command.username))
    case 'disable-user':
      return found(await accountEnd.disableUser(command.username))
    case 'enable-user':
      return found(await users.setDisabled(command.username, false))
    case 'revoke-sessions':
      return found(await accountEnd.revokeSessions(command.username))
    case 'delete-user':
      return found(await accountEnd.deleteUser(command.username))
  }
}

async function createUser(
  { username, password, scope }: Extract<AdminCommand, { command: 'create-user' }>,
  { createAccount, scopes }: AdminDependencies,
): Promise<Result<User, AdminFailure>> {
  if (!scope.every((token) => scopes.includes(token))) return fail({ reason: 'unknown_scope', scopes })
  return createAccount({ username, password, scope })
}

const found = (user: User | undefined): Result<User, AdminFailure> =>
  user ? succeed(user) : fail({ reason: 'unknown_user' })

const viewOf = ({ sub, username, scope, disabled, createdAt }: User): AccountView => ({
  sub,
  username,
  scope: scopeText(scope),
  disabled,
  created_at: createdAt,
})

const auditOf = (command: string, outcome: Result<User, AdminFailure>): object =>
  outcome.ok
    ? { event: 'authz_admin', command, outcome: 'success', sub: outcome.value.sub }
    : { event: 'authz_admin', command, outcome: 'failure', reason: outcome.failure.reason }

type Description = { readonly error: string; readonly error_description: string }

function describe(failure: AdminFailure): Description {
  switch (failure.reason) {
    case 'malformed_command':
      return { error: 'invalid_request', error_description: failure.description }
    case 'unknown_scope':
      return { error: 'invalid_scope', error_description: unknownScope(failure.scopes) }
    case 'unknown_user':
      return { error: 'unknown_user', error_description: 'There is no user of this name.' }
    case 'username_taken':
      return { error: 'username_taken', error_description: 'There is a user of this name already.' }
    default:
      return { error: 'invalid_password', error_description: passwordRefusal(failure) }
  }
}

const unknownScope = (scopes: readonly string[]): string =>
  scopes.length === 0
    ? 'This service has no scopes. Name them in the setting `scopes` and deploy.'
    : `This service has the scopes ${scopes.join(', ')}. Others are named in the setting \`scopes\`.`
