import type { User } from '../domain/accounts/account.ts'
import type { AccountFailure } from '../domain/accounts/create-account.ts'
import type { ImportFailure } from '../domain/accounts/import-account.ts'
import { passwordRefusal } from '../domain/passwords/password-policy.ts'
import { formatScope } from '../domain/scopes/scope.ts'
import type { AdminRequestFailure } from './request.ts'

/** An account as an administrator sees it: all but its password hash (REQ-55). */
export type AccountView = {
  readonly sub: string
  readonly username: string
  readonly scope: string
  readonly disabled: boolean
  readonly created_at: number
}

export const viewOf = ({ sub, username, scope, disabled, createdAt }: User): AccountView => ({
  sub,
  username,
  scope: formatScope(scope),
  disabled,
  created_at: createdAt,
})

/** What became of a batch, by the places of its users, from 0. Who is there already was left alone. */
export type ImportReport = {
  readonly created: number
  readonly existing: readonly number[]
  readonly refused: readonly { readonly index: number; readonly error_description: string }[]
}

/** A user as `import-users` takes it, so that what was exported can be imported: with the hash, for the owner to leave. */
export type ExportedUser = {
  readonly username: string
  readonly password_hash: string
  readonly scope: string
  readonly disabled: boolean
  readonly sub: string
}

/** `next` is the `from` of the following page; the last page has none. */
export type ExportPage = { readonly users: readonly ExportedUser[]; readonly next?: string }

export const exportedOf = ({ username, passwordHash, scope, disabled, sub }: User): ExportedUser => ({
  username,
  password_hash: passwordHash,
  scope: formatScope(scope),
  disabled,
  sub,
})

export type AdminFailure =
  | AdminRequestFailure
  | AccountFailure
  | ImportFailure
  | { readonly reason: 'unknown_user' | 'unknown_page' }

type Description = { readonly error: string; readonly error_description: string }

/** `scopes` are those that the service grants. */
export function describeFailure(failure: AdminFailure, scopes: readonly string[]): Description {
  switch (failure.reason) {
    case 'malformed_command':
      return { error: 'invalid_request', error_description: failure.description }
    case 'unknown_page':
      return { error: 'invalid_request', error_description: 'from must be the `next` value of a previous response.' }
    case 'unknown_scope':
      return { error: 'invalid_scope', error_description: unknownScope(scopes) }
    case 'unknown_user':
      return { error: 'unknown_user', error_description: 'Unknown user.' }
    case 'username_taken':
      return { error: 'username_taken', error_description: 'This username is taken.' }
    case 'subject_taken':
      return { error: 'subject_taken', error_description: 'This sub belongs to another account.' }
    case 'unverifiable_hash':
      return { error: 'invalid_hash', error_description: unverifiableHash }
    default:
      return { error: 'invalid_password', error_description: passwordRefusal(failure) }
  }
}

const unverifiableHash =
  'password_hash must be a hash of Werkzeug (scrypt, pbkdf2), bcrypt, Django (pbkdf2_sha256, argon2) or a PHC string (argon2id, argon2i, scrypt, pbkdf2-sha256), within the supported cost limits.'

const unknownScope = (scopes: readonly string[]): string =>
  scopes.length === 0
    ? 'This service has no scopes. Name them in the setting `scopes` and deploy.'
    : `This service has the scopes ${scopes.join(', ')}. Others are named in the setting \`scopes\`.`
