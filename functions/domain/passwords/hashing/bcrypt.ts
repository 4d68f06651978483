import type { ReadHash } from './stored-hash.ts'

/** The whole hash of a password under `setting`, the first 29 characters of a hash: version, cost and salt. */
export type Bcrypt = (password: string, setting: string) => Promise<string>

// $2x$ is left out: it marks hashes of a faulty implementation.
const form = /^\$2[aby]\$(?<cost>0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/**
 * bcrypt, for imported accounts only. It reads 72 bytes of a password and ignores the rest, as did the system that made
 * the hash; a match of a longer one proves less than the whole password.
 */
export const bcryptReader =
  (bcrypt: Bcrypt): ReadHash =>
  (text) =>
    form.test(text)
      ? {
          expected: bytes(text.slice(29)),
          derive: async (password) => bytes((await bcrypt(password, text.slice(0, 29))).slice(29)),
          maxBytes: 72,
        }
      : undefined
