import { fail, succeed } from '../../../result.ts'
import { readHexKey } from '../primitives/members.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { Scheme } from '../scheme.ts'

/** `salt:key` in hexadecimal: scrypt with fixed costs, with the salt as it is written and the password in NFKC (better-auth). */
export const betterAuth: Scheme = {
  name: 'better-auth',
  form: /^[0-9a-f]{16,}:/,
  read: (text) => {
    const [salt = '', key = ''] = text.split(/:(.*)/s)
    if (!/^[0-9a-f]{32}$/.test(salt)) return fail('salt')
    if (key.length !== 128) return fail('key')
    const read = scryptHash({ N: 16_384, r: 16, p: 1 }, succeed(Buffer.from(salt)), readHexKey(key))
    if (!read.ok) return read
    const { expected, derive } = read.value
    return succeed({ expected, derive: (password) => derive(password.normalize('NFKC')) })
  },
}
