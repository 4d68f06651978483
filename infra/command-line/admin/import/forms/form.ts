/** What another system needs besides its file. `now` is in milliseconds: a ban that is over no longer counts. */
export type FormSettings = { readonly firebase: FirebaseParameters | undefined; readonly now: number }

/** The hash parameters of a Firebase project, as its console shows them; keys are base64. */
export type FirebaseParameters = {
  readonly signerKey: string
  readonly saltSeparator: string
  readonly rounds: number
  readonly memCost: number
}

export type Members = Readonly<Record<string, unknown>>

/** A user as `import-users` takes it, or what is wrong with the line, and the name if it is known. */
export type Reading =
  | { readonly user: unknown; readonly username?: string }
  | { readonly wrong: string; readonly username?: string }

/** A form in which a system writes its users, one JSON object a line. Members that it does not use are ignored. */
export type Form = {
  readonly name: string
  readonly recognises: (members: Members) => boolean
  readonly toUser: (members: Members, settings: FormSettings) => Reading
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** What CSV and JSON write where there is no value. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

const isWhole = (id: unknown): id is number => typeof id === 'number' && Number.isSafeInteger(id)

/** A filled string as it is, a whole number in its digits; undefined for anything else. */
export const textOf = (id: unknown): string | undefined => (isFilled(id) ? id : isWhole(id) ? `${id}` : undefined)

/** Bytes in base64 or base64url, padded or not; undefined for anything else. */
export function readBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined
  return Buffer.from(text, 'base64')
}

/** Base64 without padding, as PHC strings have it. */
export const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

type Known = {
  readonly username: unknown
  readonly email?: unknown
  readonly emailVerified?: boolean
  readonly passwordHash?: unknown
  readonly sub?: unknown
  readonly groups?: unknown
  /** The members that disable a user if they are true, by their names. */
  readonly disabledBy?: Members
}

/**
 * The user of a foreign form. Without a name there is nothing to log in by. A subject, a flag or groups that cannot be read
 * are not taken for their absence: the user would get another `sub`, be let in again, or lose what a group keeps closed.
 */
export function userOf({ username, email, emailVerified = false, ...known }: Known): Reading {
  const { passwordHash, sub: id, groups, disabledBy = {} } = known
  if (!isFilled(username)) return { wrong: 'username: the user has neither a name nor an e-mail address.' }
  if (passwordHash !== undefined && passwordHash !== null && typeof passwordHash !== 'string')
    return { username, wrong: 'password_hash: it is not a string.' }
  const sub = textOf(id)
  if (sub === undefined && !isAbsent(id))
    return { username, wrong: 'sub: the id must be a string, or a whole number below 2^53.' }
  if (!isAbsent(groups) && !Array.isArray(groups)) return { username, wrong: 'groups: they are not a list.' }
  const flags = Object.entries(disabledBy).filter(([, value]) => !isAbsent(value))
  const [malformed] = flags.find(([, value]) => typeof value !== 'boolean') ?? []
  if (malformed !== undefined) return { username, wrong: `disabled: the value of ${malformed} is malformed.` }
  return {
    username,
    user: {
      username,
      ...addressOf(username, email, emailVerified),
      ...(isFilled(passwordHash) && { password_hash: passwordHash }),
      ...(flags.some(([, value]) => value === true) && { disabled: true }),
      ...(sub !== undefined && { sub }),
      ...(Array.isArray(groups) && groups.length > 0 && { groups }),
    },
  }
}

const isAddress = (text: unknown): text is string => isFilled(text) && text.includes('@')

// Where a user is called by another address than the present one, it is the name that people log in by.
function addressOf(username: string, email: unknown, isVerified: boolean): object {
  if (!isAddress(email)) return {}
  const verified = isVerified && { email_verified: true }
  if (!isAddress(username)) return { email, ...verified }
  return username.toLowerCase() === email.toLowerCase() ? { ...verified } : {}
}
