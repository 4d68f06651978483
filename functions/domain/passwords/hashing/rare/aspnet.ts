import { fail, succeed } from '../../../result.ts'
import { readBase64 } from '../primitives/members.ts'
import { pbkdf2Hash } from '../primitives/pbkdf2.ts'
import type { Scheme } from '../scheme.ts'

const digests = ['sha1', 'sha256', 'sha512']
const headerLength = 13

/**
 * Base64 of a marker byte and then, in version 2 (0x00), 16 bytes of salt and 32 of key (1000 rounds of SHA-1); in version 3
 * (0x01) digest, rounds and length of the salt, each of four bytes, salt and key: ASP.NET Core Identity's PasswordHasher.
 */
export const aspnet: Scheme = {
  name: 'ASP.NET Core Identity',
  // Version 2 has 49 bytes, so only its text of this very length is told from other base64.
  form: /^(?:A[A-P][A-Za-z0-9+/]{64}={2}$|AQAAAA[A-Za-z0-9+/]*=*$)/,
  read: (text) => {
    const read = readBase64(text, 'key', 'full')
    if (!read.ok) return read
    const bytes = Buffer.from(read.value)
    if (bytes[0] === 0) {
      return pbkdf2Hash({ digest: 'sha1', rounds: 1000 }, succeed(bytes.subarray(1, 17)), succeed(bytes.subarray(17)))
    }
    if (bytes.length < headerLength) return fail('key')
    const [digest, rounds, saltLength] = [bytes.readUInt32BE(1), bytes.readUInt32BE(5), bytes.readUInt32BE(9)]
    const rest = bytes.subarray(headerLength)
    if (saltLength > rest.length) return fail('salt')
    const [salt, key] = [rest.subarray(0, saltLength), rest.subarray(saltLength)]
    return pbkdf2Hash({ digest: digests[digest], rounds }, succeed(salt), succeed(key))
  },
}
