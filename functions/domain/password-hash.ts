import { argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Password } from './password.ts'
import { formatPhc, type Phc, readPhc } from './phc.ts'

/** Makes and verifies password hashes. `decoy` matches no password and costs what a new hash costs. */
export type PasswordHasher = {
  readonly hash: (password: Password) => Promise<string>
  /** False for a stored text that cannot be read or whose cost is out of bounds, before anything is computed. */
  readonly verify: (password: Password, stored: string) => Promise<boolean>
  readonly decoy: string
}

/** One way of hashing: how its costs are bounded and how a key is derived. New hashes use `costs`. */
type Scheme = {
  readonly version?: number
  readonly costs: Readonly<Record<string, number>>
  readonly decoy: string
  readonly affordable: (phc: Phc) => boolean
  readonly derive: (password: Password, phc: Phc) => Promise<Uint8Array>
}

const within = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && value >= least && value <= most

// OWASP's first choice: 19 MiB, two passes, one lane (Password Storage Cheat Sheet, ASVS 5.0 appendix C).
const argon2id: Scheme = {
  version: 19,
  costs: { m: 19456, t: 2, p: 1 },
  decoy: '$argon2id$v=19$m=19456,t=2,p=1$DYLQABkJ1pI+GzlhVzAmqQ$Q/FR72ciJl7nCXmHrroeSfVfiiKZFqtp1u38oQgpMiM',
  affordable: ({ version, parameters: { m, t, p } }) =>
    version === 19 && within(m, 8, 131_072) && within(t, 1, 10) && within(p, 1, 16),
  derive: (password, { parameters: { m = 0, t = 0, p = 0 }, salt, hash }) =>
    promisify(argon2)('argon2id', {
      message: password,
      nonce: salt,
      memory: m,
      passes: t,
      parallelism: p,
      tagLength: hash.length,
    }),
}

// For a runtime without argon2 (Node before 24.7, or OpenSSL before 3.2).
const scryptScheme: Scheme = {
  costs: { ln: 14, r: 8, p: 5 },
  decoy: '$scrypt$ln=14,r=8,p=5$NAblP5syy7OD00S8SIUCtA$JM35wIOLZ+9jPYStroRsYY8MFsZKzcVxOY0YbF37Wzg',
  affordable: ({ parameters: { ln, r, p } }) => within(ln, 10, 17) && within(r, 1, 8) && within(p, 1, 8),
  derive: (password, { parameters: { ln = 0, r = 0, p = 0 }, salt, hash }) =>
    deriveScrypt(password, salt, hash.length, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** 20 }),
}

const deriveScrypt: (
  password: string,
  salt: Uint8Array,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Uint8Array> = promisify(scrypt)

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['argon2id', argon2id],
  ['scrypt', scryptScheme],
])

const sound = ({ salt, hash }: Phc): boolean => salt.length >= 8 && hash.length >= 16

async function verifyPassword(password: Password, stored: string): Promise<boolean> {
  const phc = readPhc(stored)
  const scheme = phc && schemes.get(phc.id)
  if (!scheme || !sound(phc) || !scheme.affordable(phc)) return false
  return timingSafeEqual(await scheme.derive(password, phc), phc.hash)
}

/** The hasher that this runtime can offer: argon2id, or scrypt where `node:crypto` lacks it. */
export function createPasswordHasher(newSalt: () => Uint8Array = () => randomBytes(16)): PasswordHasher {
  const id = typeof argon2 === 'function' ? 'argon2id' : 'scrypt'
  const { version, costs, decoy, derive } = id === 'argon2id' ? argon2id : scryptScheme
  return {
    decoy,
    verify: verifyPassword,
    hash: async (password) => {
      const blank: Phc = {
        id,
        ...(version === undefined ? {} : { version }),
        parameters: costs,
        salt: newSalt(),
        hash: new Uint8Array(32),
      }
      return formatPhc({ ...blank, hash: await derive(password, blank) })
    },
  }
}
