import { createHash } from 'node:crypto'
import { type Bcrypt, bcryptHash } from '../primitives/bcrypt.ts'
import type { Scheme } from '../scheme.ts'

const sha256 = (password: string): string => createHash('sha256').update(password).digest('hex')

/** `bcrypt$$2b$…`, and `bcrypt_sha256$$2b$…`, which is bcrypt of the hexadecimal SHA-256: django.contrib.auth.hashers. */
export const djangoBcrypt = (bcrypt: Bcrypt): Scheme => ({
  name: 'Django, bcrypt',
  form: /^bcrypt(?:_sha256)?\$/,
  read: (text) => {
    const hash = text.slice(text.indexOf('$') + 1)
    return text.startsWith('bcrypt$') ? bcryptHash(bcrypt, hash) : bcryptHash(bcrypt, hash, sha256)
  },
})
