import { createCipheriv } from 'node:crypto'
import { fail, succeed } from '../../../result.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { Scheme } from '../scheme.ts'
import { readPhc } from '../schemes/phc.ts'

/**
 * `$firebase-scrypt$ln=14,r=8,p=1$salt$key`: Firebase's modified scrypt (github.com/firebase/scrypt) without its signer key.
 * `ln` is the project's `mem_cost`, `r` its `rounds`; the salt is the account's salt and then the project's salt separator.
 *
 * Firebase encrypts the signer key by AES-256-CTR, with a key that scrypt derives from the password. An exported hash XOR the
 * signer key is the key stream, which is the same as encrypting zeros, and is stored here as the key.
 */
export const firebase: Scheme = {
  name: 'Firebase',
  form: /^\$firebase-scrypt\$/,
  read: (text) => {
    const phc = readPhc(text, ['ln', 'r', 'p'])
    if (!phc.ok) return phc
    const { version, parameters, salt, key } = phc.value
    if (version !== undefined) return fail('scheme')
    const { ln = 0, r, p } = parameters
    const stream = scryptHash({ N: 2 ** ln, r, p }, salt, key)
    const cipherKey = scryptHash({ N: 2 ** ln, r, p }, salt, succeed(new Uint8Array(32)))
    if (!stream.ok || !cipherKey.ok) return stream
    const { expected } = stream.value
    return succeed({
      expected,
      derive: async (password) => {
        const cipher = createCipheriv('aes-256-ctr', await cipherKey.value.derive(password), new Uint8Array(16))
        return cipher.update(new Uint8Array(expected.length))
      },
    })
  },
}
