import { fail, succeed } from '../../../result.ts'
import { type Bcrypt, bcryptHash } from '../primitives/bcrypt.ts'
import { readBase64, readHexKey } from '../primitives/members.ts'
import { pbkdf2Hash } from '../primitives/pbkdf2.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { ReadHash, Scheme } from '../scheme.ts'
import { phc } from '../schemes/phc.ts'

const form = /^\{(?<id>bcrypt|pbkdf2|scrypt|argon2)(?<version>@SpringSecurity_v5_8)?\}/

/**
 * The id of an encoder in braces and then its hash: Spring Security's DelegatingPasswordEncoder, with the encoders of its
 * PasswordEncoderFactories. `{noop}` and the digests are no hashes to keep.
 */
export const spring = (bcrypt: Bcrypt): Scheme => ({
  name: 'Spring Security',
  form,
  read: (text) => {
    const [prefix = '', id, version] = form.exec(text) ?? []
    const hash = text.slice(prefix.length)
    if (id === 'bcrypt') return bcryptHash(bcrypt, hash)
    if (id === 'pbkdf2') return readPbkdf2(hash, version === undefined ? older : newer)
    if (id === 'scrypt') return readScrypt(hash)
    return hash.startsWith('$argon2') && phc.form.test(hash) ? phc.read(hash) : fail('scheme')
  },
})

// Pbkdf2PasswordEncoder: the costs of a hash are those of its id, and are not written in it.
const older = { digest: 'sha1', rounds: 185_000, saltLength: 8 }
const newer = { digest: 'sha256', rounds: 310_000, saltLength: 16 }

/** Hexadecimal, the salt before the key. */
function readPbkdf2(text: string, { saltLength, ...costs }: typeof newer): ReadHash {
  const bytes = readHexKey(text)
  if (!bytes.ok) return bytes
  const salt = bytes.value.subarray(0, saltLength)
  return pbkdf2Hash(costs, succeed(salt), succeed(bytes.value.subarray(saltLength)))
}

/** SCryptPasswordEncoder: `$costs$salt$key`, the costs as one hexadecimal number: log2(N), r and p, the last two a byte each. */
function readScrypt(text: string): ReadHash {
  const [before, costs = '', salt, key, ...rest] = text.split('$')
  if (before !== '' || !/^[1-9a-f][0-9a-f]{4,5}$/.test(costs)) return fail('cost')
  if (rest.length > 0) return fail('key')
  const value = Number.parseInt(costs, 16)
  const read = { N: 2 ** (value >>> 16), r: (value >>> 8) & 0xff, p: value & 0xff }
  return scryptHash(read, readBase64(salt, 'salt', 'full'), readBase64(key, 'key', 'full'))
}
