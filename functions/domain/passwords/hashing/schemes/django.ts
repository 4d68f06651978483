import { fail } from '../../../result.ts'
import { readBase64, readCost, readTextSalt } from '../primitives/members.ts'
import { pbkdf2Hash } from '../primitives/pbkdf2.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { ReadHash, Scheme } from '../scheme.ts'
import { phc } from './phc.ts'

/**
 * `pbkdf2_sha256$260000$salt$base64`, `scrypt$16384$salt$8$5$base64` and `argon2$` before a PHC string:
 * django.contrib.auth.hashers.
 */
export const django: Scheme = {
  name: 'Django',
  form: /^(?:pbkdf2_|scrypt\$|argon2\$argon2)/,
  read: (text) => {
    if (text.startsWith('argon2')) return phc.read(text.slice('argon2'.length))
    const [algorithm = '', ...members] = text.split('$')
    return algorithm === 'scrypt' ? readScrypt(members) : readPbkdf2(algorithm.slice('pbkdf2_'.length), members)
  },
}

function readScrypt([N, salt, r, p, key, ...rest]: readonly string[]): ReadHash {
  if (rest.length > 0) return fail('key')
  const costs = { N: readCost(N), r: readCost(r), p: readCost(p) }
  return scryptHash(costs, readTextSalt(salt), readBase64(key, 'key', 'any'))
}

function readPbkdf2(digest: string, [rounds, salt, key, ...rest]: readonly string[]): ReadHash {
  if (rest.length > 0) return fail('key')
  return pbkdf2Hash({ digest, rounds: readCost(rounds) }, readTextSalt(salt), readBase64(key, 'key', 'any'))
}
