import { type Account, addressOf, usernameOf } from '../domain/accounts/account.ts'
import type { RenameFailure } from '../domain/accounts/account-lifecycle.ts'
import type { CreateAccountFailure } from '../domain/accounts/create-account.ts'
import type { ImportFailure } from '../domain/accounts/import-account.ts'
import type { SetAddressFailure } from '../domain/accounts/set-address.ts'
import type { HashPart } from '../domain/passwords/hashing/hash-part.ts'
import { passwordRefusal } from '../domain/passwords/password-policy.ts'
import { formatScope } from '../domain/scopes/scope.ts'
import type { ApiKeyCommandFailure } from './api-keys.ts'
import type { ClientCommandFailure } from './clients.ts'
import type { AdminRequestFailure } from './request.ts'

/** An account as an administrator sees it, without its credentials (REQ-55). */
export type AccountView = {
  readonly sub: string
  readonly username: string
  /** Of an account that has an address, as is `email_verified`. */
  readonly email?: string
  readonly email_verified?: boolean
  readonly scope: string
  /** Of an account that is in any. */
  readonly groups?: readonly string[]
  readonly disabled: boolean
  readonly created_at: number
}

export const viewOf = (account: Account): AccountView => ({
  sub: account.sub,
  username: usernameOf(account),
  ...emailOf(account),
  scope: formatScope(account.scope),
  ...groupsOf(account),
  disabled: account.disabled,
  created_at: account.createdAt,
})

/** The address of an account and whether it is verified, if it has one. */
export function emailOf(account: Account): { readonly email?: string; readonly email_verified?: boolean } {
  const email = addressOf(account)
  return email === undefined ? {} : { email, email_verified: account.emailVerified }
}

/** The groups of an account, if it is in any. */
export const groupsOf = ({ groups = [] }: Account): { readonly groups?: readonly string[] } =>
  groups.length > 0 ? { groups } : {}

/**
 * The outcome of a batch, by the indexes of its users, from 0. Existing accounts were left unchanged. A dry run says what
 * would be, and the canonical `usernames` and `emails`, null for a user without a valid one, so that its caller finds those
 * that repeat.
 */
export type ImportReport = {
  readonly created: number
  readonly updated: readonly number[]
  readonly existing: readonly number[]
  readonly refused: readonly { readonly index: number; readonly error_description: string }[]
  readonly usernames?: readonly (string | null)[]
  readonly emails?: readonly (string | null)[]
}

/** Whether a password is the one of a user that could be imported. */
export type TryReport = { readonly matches: boolean }

/** `ticket` is good only together with the code that was mailed. */
export type StartedRecovery = { readonly sub: string; readonly username: string; readonly ticket: string }

/** `cursor` begins the next page; the last page has none. */
export type ListPage = { readonly users: readonly AccountView[]; readonly cursor?: string }

export type AdminFailure =
  | AdminRequestFailure
  | CreateAccountFailure
  | ImportFailure
  | RenameFailure
  | SetAddressFailure
  | { readonly reason: 'no_mail' | 'no_address' | 'user_disabled' }
  | { readonly reason: 'foreign_cursor' }
  | ClientCommandFailure
  | ApiKeyCommandFailure

type Description = { readonly error: string; readonly error_description: string }

/** `scopes` are those that the service grants. */
export function describeFailure(failure: AdminFailure, scopes: readonly string[]): Description {
  switch (failure.reason) {
    case 'malformed_command':
      return { error: 'invalid_request', error_description: failure.description }
    case 'foreign_cursor':
      return { error: 'invalid_request', error_description: 'cursor must be of a response to the same prefix.' }
    case 'other_kind':
      return { error: 'invalid_request', error_description: otherKind }
    case 'personal_subject':
      return { error: 'invalid_subject', error_description: personalSubject }
    case 'subject_deleted':
      return { error: 'subject_deleted', error_description: deletedSubject }
    case 'unknown_scope':
      return { error: 'invalid_scope', error_description: unknownScope(scopes) }
    case 'malformed_client':
      return { error: 'invalid_client_metadata', error_description: failure.description }
    case 'client_id_taken':
      return { error: 'client_id_taken', error_description: takenClientId }
    case 'foreign_client':
      return { error: 'foreign_client', error_description: foreignClient }
    case 'unknown_client':
      return { error: 'unknown_client', error_description: 'Unknown client.' }
    case 'unknown_key':
      return { error: 'unknown_key', error_description: 'This user has no such API key.' }
    case 'public_client':
      return { error: 'public_client', error_description: 'This client has no secret.' }
    case 'changed_meanwhile':
      return { error: 'changed_meanwhile', error_description: 'It was changed by somebody else just now. Try again.' }
    case 'unknown_user':
      return { error: 'unknown_user', error_description: 'Unknown user.' }
    case 'user_disabled':
      return { error: 'user_disabled', error_description: 'This user is disabled. enable-user comes first.' }
    case 'no_address':
      return { error: 'no_email', error_description: 'This user has no e-mail address. set-email gives one.' }
    case 'no_mail':
      return { error: 'no_mail', error_description: noMail }
    case 'address_taken':
      return { error: 'email_taken', error_description: 'This e-mail address belongs to another user.' }
    case 'username_taken':
      return { error: 'username_taken', error_description: 'This username is taken.' }
    case 'other_subject':
      return { error: 'invalid_subject', error_description: 'sub: this username has another sub here.' }
    case 'subject_taken':
      return {
        error: 'subject_taken',
        error_description: 'This sub belongs to another account, or is the id of a client.',
      }
    case 'unverifiable_hash':
      return { error: 'invalid_hash', error_description: wrongHash[failure.part] }
    default:
      return { error: 'invalid_password', error_description: passwordRefusal(failure) }
  }
}

const takenClientId =
  'This id is a client of the setting `clients`, the issuer, the audience, or the sub of a user. Choose another.'

const foreignClient =
  'This client was registered by a deployment: change it in the CDK app or in the setting `clients`, and deploy.'

const noMail = 'This service sends no mail: set `emailFrom` and deploy. set-password sets a password without mail.'

const otherKind = 'A name can only be replaced by a name, and an e-mail address (with @) by an e-mail address.'

const personalSubject =
  'sub contains an @ and would stay in the table after the account is deleted. Use another, or --allow-personal-sub.'

const deletedSubject =
  'This sub belonged to an account that was deleted. --restore gives it back, if this is the same person.'

const wrongHash: Readonly<Record<HashPart, string>> = {
  scheme: 'password_hash: the scheme is not supported. docs/hashes.md lists those that are.',
  digest: 'password_hash: the digest is not supported.',
  cost: 'password_hash: the cost is out of bounds.',
  salt: 'password_hash: the salt is malformed, too short or too long.',
  key: 'password_hash: the key at its end is malformed, too short or too long.',
  padding: 'password_hash: the base64 padding is wrong.',
  blanks: 'password_hash: there are blanks before, after or inside it.',
}

const unknownScope = (scopes: readonly string[]): string =>
  scopes.length === 0
    ? 'This service has no scopes. Name them in the setting `scopes` and deploy.'
    : `This service has the scopes ${scopes.join(', ')}. Others are named in the setting \`scopes\`.`
