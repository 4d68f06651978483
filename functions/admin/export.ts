import { type Account, usernameOf } from '../domain/accounts/account.ts'
import { exportHash, type HashFormat } from '../domain/passwords/hashing/export-hash.ts'
import { formatScope } from '../domain/scopes/scope.ts'
import { emailOf, groupsOf } from './response.ts'

/** A user in the form that `import-users` accepts, with the password hash if there is one, so that you can move away. */
type ExportedUser = {
  readonly username: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly password_hash?: string
  readonly scope: string
  readonly groups?: readonly string[]
  readonly disabled: boolean
  readonly sub: string
}

/**
 * `next` is the `from` of the next page; the last page has none. `without_hash` counts, by scheme, the users whose hash has
 * no form that the target reads: they come without it.
 */
export type ExportPage = {
  readonly users: readonly ExportedUser[]
  readonly without_hash?: Readonly<Record<string, number>>
  readonly next?: string
}

type Stored = { readonly account: Account; readonly hash: string | undefined }

/** A page of users with their hashes, as they are stored or in the form of the target. */
export function exportedPage(stored: readonly Stored[], target: HashFormat | undefined): ExportPage {
  const written = stored.map(({ account, hash }) => ({ account, hash, exported: convert(hash, target) }))
  const lost = written.flatMap(({ hash, exported }) =>
    hash !== undefined && exported === undefined ? [schemeOf(hash)] : [],
  )
  return {
    users: written.map(({ account, exported }) => exportedOf(account, exported)),
    ...(lost.length > 0 && { without_hash: countEach(lost) }),
  }
}

const convert = (hash: string | undefined, target: HashFormat | undefined): string | undefined =>
  hash === undefined || target === undefined ? hash : exportHash(hash, target)

const exportedOf = (account: Account, passwordHash: string | undefined): ExportedUser => ({
  username: usernameOf(account),
  ...emailOf(account),
  ...(passwordHash !== undefined && { password_hash: passwordHash }),
  scope: formatScope(account.scope),
  ...groupsOf(account),
  disabled: account.disabled,
  sub: account.sub,
})

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}

// What comes first in some forms is the salt, so only names that are known to be names are told.
const scheme =
  /^\$?(argon2id|argon2i|argon2d|argon2|firebase-scrypt|wrapped|scrypt|pbkdf2(?:[-_:]sha\d+)?|bcrypt(?:_sha256)?|2[aby])[$:]/

function schemeOf(hash: string): string {
  const name = scheme.exec(hash)?.[1] ?? 'another scheme'
  return /^2[aby]$/.test(name) ? 'bcrypt' : name
}
