import { createHmac } from 'node:crypto'
import { succeed } from '../../../result.ts'
import { type Bcrypt, bcryptHash } from '../primitives/bcrypt.ts'
import { phpassHash } from '../primitives/phpass.ts'
import type { ReadHash, Scheme } from '../scheme.ts'

// PHP's trim, which WordPress applies to a password before it hashes or checks it. NUL is refused before.
const trim = (password: string): string => password.replace(/^[ \t\n\r\v]+|[ \t\n\r\v]+$/g, '')

const preHash = (password: string): string => createHmac('sha384', 'wp-sha384').update(trim(password)).digest('base64')

/** `$wp$2y$…`: bcrypt of the base64 of an HMAC, WordPress from 6.8 on (wp_hash_password). */
export const wordpress = (bcrypt: Bcrypt): Scheme => ({
  name: 'WordPress',
  form: /^\$wp\$2/,
  read: (text) => bcryptHash(bcrypt, text.slice('$wp'.length), preHash),
})

/** `$P$`: phpass with MD5, WordPress before 6.8. `$H$` is phpBB's name for it; phpBB does not trim. */
export const phpass: Scheme = {
  name: 'phpass',
  form: /^\$[PH]\$/,
  read: (text) => {
    const read = phpassHash({ digest: 'md5', keyLength: 22 }, text)
    return read.ok ? withBlank(text, read.value) : read
  },
}

function withBlank(text: string, { expected, derive }: Extract<ReadHash, { readonly ok: true }>['value']): ReadHash {
  return succeed({
    expected,
    derive: text.startsWith('$P$') ? (password) => derive(trim(password)) : derive,
    blank: `${text.slice(0, 12)}${'.'.repeat(22)}`,
  })
}
