import { createHash } from 'node:crypto'
import { fail, succeed } from '../../../result.ts'
import { readBase64, readSaltAndKey } from '../primitives/members.ts'
import type { Scheme } from '../scheme.ts'

const schemes: Readonly<Record<string, { readonly digest: string; readonly length: number }>> = {
  '{SSHA}': { digest: 'sha1', length: 20 },
  '{SSHA256}': { digest: 'sha256', length: 32 },
  '{SSHA384}': { digest: 'sha384', length: 48 },
  '{SSHA512}': { digest: 'sha512', length: 64 },
}

/** `{SSHA}` and its SHA-2 forms: base64 of the digest of password and salt, and then the salt (OpenLDAP). */
export const ldap: Scheme = {
  name: 'LDAP',
  form: /^\{SSHA(?:256|384|512)?\}/,
  read: (text) => {
    const prefix = text.slice(0, text.indexOf('}') + 1)
    const { digest = '', length = 0 } = schemes[prefix] ?? {}
    const bytes = readBase64(text.slice(prefix.length), 'key', 'full')
    if (!bytes.ok) return bytes
    if (bytes.value.length < length) return fail('key')
    const [keyBytes, saltBytes] = [bytes.value.subarray(0, length), bytes.value.subarray(length)]
    const read = readSaltAndKey(succeed(saltBytes), succeed(keyBytes), 4)
    if (!read.ok) return read
    const { salt, key } = read.value
    return succeed({
      expected: key,
      derive: async (password) => createHash(digest).update(password).update(salt).digest(),
      blank: prefix + Buffer.concat([new Uint8Array(length), salt]).toString('base64'),
    })
  },
}
