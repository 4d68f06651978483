import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'

/** The whole hash of a password under `setting`, the first 29 characters of a hash: version, cost and salt. */
export type Bcrypt = (password: string, setting: string) => Promise<string>

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/**
 * bcrypt, for imported accounts only, up to cost 14. It reads 72 bytes of a password and ignores the rest, as did the
 * system that made the hash; a match of a longer one proves less than the whole password. A system that hashes the password
 * first, to a text shorter than that, says so by `prepare`.
 */
export function bcryptHash(bcrypt: Bcrypt, text: string, prepare?: (password: string) => string): ReadHash {
  // $2x$ is left out: it marks hashes of a faulty implementation.
  if (!/^\$2[aby]\$/.test(text)) return fail('scheme')
  if (!/^.{4}(?:0[4-9]|1[0-4])\$/.test(text)) return fail('cost')
  if (!/^[./A-Za-z0-9]{22}$/.test(text.slice(7, 29))) return fail('salt')
  if (!/^[./A-Za-z0-9]{31}$/.test(text.slice(29))) return fail('key')
  const derive = async (password: string) => bytes((await bcrypt(password, text.slice(0, 29))).slice(29))
  const expected = bytes(text.slice(29))
  return prepare
    ? succeed({ expected, derive: (password) => derive(prepare(password)) })
    : succeed({ expected, derive, maxBytes: 72, recipe: { kind: 'bcrypt', text } })
}
