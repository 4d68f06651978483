import { argon2Hash } from './argon2.ts'
import { pbkdf2Hash } from './pbkdf2.ts'
import { type Phc, readPhc } from './phc.ts'
import { scryptHash } from './scrypt.ts'
import type { ReadHash, StoredHash } from './stored-hash.ts'

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
