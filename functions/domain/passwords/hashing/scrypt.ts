import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { isSound, isWithin, type StoredHash } from './stored-hash.ts'

/** scrypt (RFC 7914). */
export type Scrypt = { readonly N: number; readonly r: number | undefined; readonly p: number | undefined }

type Options = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number }

const derive: (password: string, salt: Uint8Array, length: number, options: Options) => Promise<Uint8Array> =
  promisify(scrypt)

const maxBlocks = 2 ** 20

/** Undefined where N is not a power of two, beyond 128 MiB (128 · N · r bytes), and beyond four times that work. */
export function scryptHash({ N, r, p }: Scrypt, salt: Uint8Array, expected: Uint8Array): StoredHash | undefined {
  const isPower = isWithin(N, 2, maxBlocks) && Number.isInteger(Math.log2(N))
  if (!isPower || !isWithin(r, 1, 64) || !isWithin(p, 1, 64) || !isSound(salt, expected)) return undefined
  if (N * r > maxBlocks || N * r * p > 4 * maxBlocks) return undefined
  // Node's own limit is 32 MiB, which Werkzeug's default reaches.
  const options = { N, r, p, maxmem: 256 * maxBlocks }
  return { expected, derive: (password) => derive(password, salt, expected.length, options) }
}
