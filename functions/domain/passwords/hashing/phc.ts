import { argon2Hash } from './argon2.ts'
import { pbkdf2Hash } from './pbkdf2.ts'
import { scryptHash } from './scrypt.ts'
import type { ReadHash, StoredHash } from './stored-hash.ts'

/** A password hash in PHC string format: $id[$v=version]$name=value,…$salt$hash, base64 without padding. */
type Phc = {
  readonly id: string
  readonly version?: number
  readonly parameters: Readonly<Record<string, number>>
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

const form =
  /^\$(?<id>[a-z0-9-]{1,32})(?:\$v=(?<version>\d{1,10}))?\$(?<parameters>[a-z]{1,8}=\d{1,10}(?:,[a-z]{1,8}=\d{1,10}){0,7})\$(?<salt>[A-Za-z0-9+/]{1,172})\$(?<hash>[A-Za-z0-9+/]{1,172})$/

/** Undefined for text of another form. Whether the values make sense is up to the scheme. */
function readPhc(text: string): Phc | undefined {
  const groups = form.exec(text)?.groups
  if (!groups) return undefined
  const { id = '', version, parameters = '', salt = '', hash = '' } = groups
  const pairs = parameters.split(',').map((pair) => pair.split('='))
  // Of t=2,t=1 two readers could take another one each.
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) return undefined
  return {
    id,
    ...(version === undefined ? {} : { version: Number(version) }),
    parameters: Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)])),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** The inverse of reading one. */
export function formatPhc({ id, version, parameters, salt, hash }: Phc): string {
  const costs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return `$${id}${version === undefined ? '' : `$v=${version}`}$${costs.join(',')}$${base64(salt)}$${base64(hash)}`
}

/** $argon2id$, $argon2i$, $scrypt$ and $pbkdf2-sha256$, $pbkdf2-sha512$ as PHC strings. */
export const readPhcHash: ReadHash = (text) => {
  const phc = readPhc(text) ?? readPhc(asPhc(text))
  return phc && hashOf(phc)
}

function hashOf({ id, version, parameters, salt, hash }: Phc): StoredHash | undefined {
  const { m, t, p, ln = 0, r, i = 0 } = parameters
  switch (id) {
    case 'argon2id':
    case 'argon2i':
      return version === 19 ? argon2Hash({ variant: id, m, t, p }, salt, hash) : undefined
    case 'scrypt':
      return scryptHash({ N: 2 ** ln, r, p }, salt, hash)
    case 'pbkdf2-sha256':
    case 'pbkdf2-sha512':
      return pbkdf2Hash({ digest: id.slice('pbkdf2-'.length), rounds: i }, salt, hash)
    default:
      return undefined
  }
}

// passlib writes $pbkdf2-sha256$29000$salt$hash: the rounds without their name, and "." for "+" in base64.
const asPhc = (text: string): string =>
  text.replace(/^(\$pbkdf2-sha(?:256|512))\$(\d+)\$/, '$1$i=$2$').replaceAll('.', '+')
