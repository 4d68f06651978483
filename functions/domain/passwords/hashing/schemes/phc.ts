import { fail, type Result, succeed } from '../../../result.ts'
import type { HashPart } from '../hash-part.ts'
import { argon2Hash } from '../primitives/argon2.ts'
import { type Bytes, readBase64, readCost, unpadded } from '../primitives/members.ts'
import { pbkdf2Hash } from '../primitives/pbkdf2.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { ReadHash, Scheme } from '../scheme.ts'

/** A password hash in PHC string format: $id[$v=version]$name=value,…$salt$hash, base64 without padding. */
type Phc = {
  readonly id: string
  readonly version: number | undefined
  readonly parameters: Readonly<Record<string, number | undefined>>
  readonly salt: Bytes
  readonly key: Bytes
}

/** The members of a text of this form. Whether the values make sense is up to the scheme. */
export function readPhc(text: string, names: readonly string[]): Result<Phc, HashPart> {
  const [, id = '', ...members] = text.split('$')
  const version = /^v=(\d{1,10})$/.exec(members[0] ?? '')?.[1]
  const [costs = '', salt, key, ...rest] = version === undefined ? members : members.slice(1)
  const pairs = costs.split(',').map((pair) => pair.split('='))
  // Exactly these names: of t=2,t=1 two readers could take another one each.
  const given = pairs.map(([name = '']) => name).sort()
  if (given.join() !== [...names].sort().join() || pairs.some((pair) => pair.length !== 2)) return fail('cost')
  if (rest.length > 0) return fail('key')
  return succeed({
    id,
    version: version === undefined ? undefined : Number(version),
    parameters: Object.fromEntries(pairs.map(([name, value]) => [name, readCost(value)])),
    salt: readBase64(salt, 'salt', 'none'),
    key: readBase64(key, 'key', 'none'),
  })
}

type Written = {
  readonly id: string
  readonly version?: number | undefined
  readonly parameters: Readonly<Record<string, number>>
  readonly salt: Uint8Array
  readonly key: Uint8Array
}

/** The inverse of reading one. */
export function formatPhc({ id, version, parameters, salt, key }: Written): string {
  const costs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return `$${id}${version === undefined ? '' : `$v=${version}`}$${costs.join(',')}$${unpadded(salt)}$${unpadded(key)}`
}

/** $argon2id$, $argon2i$, $scrypt$, $pbkdf2$ (with SHA-1), $pbkdf2-sha256$, -sha384$ and -sha512$ as PHC strings. */
export const phc: Scheme = {
  name: 'PHC string',
  form: /^\$(?:argon2id|argon2i|scrypt|pbkdf2(?:-[a-z0-9]{1,16})?)\$/,
  read: (text) => {
    if (text.startsWith('$argon2')) return readArgon2(text)
    return text.startsWith('$scrypt') ? readScrypt(text) : readPbkdf2(text)
  },
}

function readArgon2(text: string): ReadHash {
  const read = readPhc(text, ['m', 't', 'p'])
  if (!read.ok) return read
  const { id, version, parameters, salt, key } = read.value
  const { m, t, p } = parameters
  // node:crypto computes version 1.3 only.
  if (version !== 19) return fail('scheme')
  return argon2Hash({ variant: id === 'argon2i' ? id : 'argon2id', m, t, p }, salt, key)
}

function readScrypt(text: string): ReadHash {
  const read = readPhc(text, ['ln', 'r', 'p'])
  if (!read.ok) return read
  const { version, parameters, salt, key } = read.value
  const { ln = 0, r, p } = parameters
  return version === undefined ? scryptHash({ N: 2 ** ln, r, p }, salt, key) : fail('scheme')
}

// passlib writes $pbkdf2-sha256$29000$salt$hash: the rounds without their name, and "." for "+" in base64.
function readPbkdf2(text: string): ReadHash {
  const read = readPhc(text.replace(/^(\$[\w-]+)\$(\d+)\$/, '$1$i=$2$').replaceAll('.', '+'), ['i'])
  if (!read.ok) return read
  const {
    id,
    version,
    parameters: { i: rounds },
    salt,
    key,
  } = read.value
  const digest = id === 'pbkdf2' ? 'sha1' : id.slice('pbkdf2-'.length)
  return version === undefined ? pbkdf2Hash({ digest, rounds }, salt, key) : fail('scheme')
}
