import type { Codes, Opened } from '../codes/codes.ts'
import type { PasswordHasher } from '../passwords/hashing/password-hasher.ts'
import type { Password } from '../passwords/password.ts'
import { checkNewPassword, type PasswordPolicy, type PasswordRefusal } from '../passwords/password-policy.ts'
import { type Result, succeed } from '../result.ts'

/** `address` and `username` are canonical. Without a name the account is to be called by its address. */
type Registration = { readonly username?: string; readonly address: string; readonly password: Password }

export type OpenRegistration = (registration: Registration) => Promise<Result<Opened, PasswordRefusal>>

type Dependencies = {
  readonly codes: Pick<Codes, 'open'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly policy: PasswordPolicy
}

/** Opens the ticket of a registration. It looks nothing up, so that nobody can tell whether name or address are free. */
export function createOpenRegistration({ codes, hasher, policy }: Dependencies): OpenRegistration {
  return async ({ username, address, password }) => {
    const identifiers = username === undefined ? { address } : { username, address }
    const checked = checkNewPassword(policy, password, Object.values(identifiers))
    if (!checked.ok) return checked
    return succeed(await codes.open('register', { ...identifiers, passwordHash: await hasher.hash(password) }))
  }
}
