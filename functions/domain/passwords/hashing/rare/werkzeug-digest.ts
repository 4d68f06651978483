import { createHmac } from 'node:crypto'
import { fail, succeed } from '../../../result.ts'
import { readHexKey, readSaltAndKey, readTextSalt } from '../primitives/members.ts'
import type { Scheme } from '../scheme.ts'

const lengths: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 }

/** `sha256$salt$hex`: Werkzeug before 3.0, when the method was only a digest. An HMAC of the password, with the salt as key. */
export const werkzeugDigest: Scheme = {
  name: 'Werkzeug, digest only',
  form: /^(?:md5|sha1|sha224|sha256|sha384|sha512)\$/,
  read: (text) => {
    const [digest = '', saltText = '', keyText, ...rest] = text.split('$')
    const read = readSaltAndKey(readTextSalt(saltText), readHexKey(keyText), 4)
    if (!read.ok) return read
    const { salt, key } = read.value
    if (rest.length > 0 || key.length !== lengths[digest]) return fail('key')
    return succeed({
      expected: key,
      derive: async (password) => createHmac(digest, salt).update(password).digest(),
      blank: `${digest}$${saltText}$${'00'.repeat(key.length)}`,
    })
  },
}
