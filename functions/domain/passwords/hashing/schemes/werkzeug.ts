import { fail } from '../../../result.ts'
import { readCost, readHexKey, readTextSalt } from '../primitives/members.ts'
import { pbkdf2Hash } from '../primitives/pbkdf2.ts'
import { scryptHash } from '../primitives/scrypt.ts'
import type { Scheme } from '../scheme.ts'

/** `scrypt:32768:8:1$salt$hex` and `pbkdf2:sha256:600000$salt$hex`: werkzeug.security.generate_password_hash. */
export const werkzeug: Scheme = {
  name: 'Werkzeug',
  form: /^(?:scrypt|pbkdf2):/,
  read: (text) => {
    const [method = '', salt, key, ...rest] = text.split('$')
    const [algorithm, ...costs] = method.split(':')
    if (costs.length !== (algorithm === 'scrypt' ? 3 : 2)) return fail('cost')
    if (rest.length > 0) return fail('key')
    const [saltBytes, keyBytes] = [readTextSalt(salt), readHexKey(key)]
    if (algorithm === 'pbkdf2') return pbkdf2Hash({ digest: costs[0], rounds: readCost(costs[1]) }, saltBytes, keyBytes)
    const [N, r, p] = costs.map(readCost)
    return scryptHash({ N, r, p }, saltBytes, keyBytes)
  },
}
