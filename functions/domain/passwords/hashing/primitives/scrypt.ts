import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'
import { type Bytes, isWithin, readSaltAndKey } from './members.ts'

/** scrypt (RFC 7914). */
type Scrypt = { readonly N: number | undefined; readonly r: number | undefined; readonly p: number | undefined }

type Options = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number }

const derive: (password: string, salt: Uint8Array, length: number, options: Options) => Promise<Uint8Array> =
  promisify(scrypt)

const maxBlocks = 2 ** 20

/**
 * Fails where N is not a power of two below 2^(16 r) (RFC 7914 section 6), beyond 128 MiB (128 · N · r bytes), and beyond
 * four times that work.
 */
export function scryptHash({ N, r, p }: Scrypt, saltBytes: Bytes, keyBytes: Bytes): ReadHash {
  const inBounds = isWithin(N, 2, maxBlocks) && isWithin(r, 1, 64) && isWithin(p, 1, 64)
  if (!inBounds || !Number.isInteger(Math.log2(N))) return fail('cost')
  if (Math.log2(N) >= 16 * r) return fail('cost')
  if (N * r > maxBlocks || N * r * p > 4 * maxBlocks) return fail('cost')
  const read = readSaltAndKey(saltBytes, keyBytes)
  if (!read.ok) return read
  const { salt, key } = read.value
  // Node's own limit is 32 MiB, which Werkzeug's default reaches.
  const options = { N, r, p, maxmem: 256 * maxBlocks }
  return succeed({
    expected: key,
    derive: (password) => derive(password, salt, key.length, options),
    recipe: { kind: 'scrypt', N, r, p, salt },
  })
}
