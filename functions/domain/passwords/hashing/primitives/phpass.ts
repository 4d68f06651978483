import { hash } from 'node:crypto'
import { fail, succeed } from '../../../result.ts'
import type { ReadHash } from '../scheme.ts'
import { to64, valueOf64 } from './crypt64.ts'
import { isWithin } from './members.ts'

type Phpass = { readonly digest: 'md5' | 'sha512'; readonly keyLength: number }

/** Three bytes are four digits, the lowest first; what is left over is the digits that it needs. */
function encode(bytes: Uint8Array): string {
  const groups = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, index) =>
    bytes.subarray(3 * index, 3 * index + 3),
  )
  return groups
    .map(([low = 0, middle = 0, high = 0], index) => {
      const length = Math.min(3, bytes.length - 3 * index) + 1
      return to64(low | (middle << 8) | (high << 16), length)
    })
    .join('')
}

/**
 * The portable hashes of phpass: `$id$`, one character for the binary logarithm of the rounds (7 to 18), eight of salt, and
 * a key of `keyLength` characters.
 */
export function phpassHash({ digest, keyLength }: Phpass, text: string): ReadHash {
  const rounds = valueOf64(text.charAt(3))
  if (!isWithin(rounds, 7, 18)) return fail('cost')
  if (!/^[./A-Za-z0-9]{8}$/.test(text.slice(4, 12))) return fail('salt')
  const key = text.slice(12)
  if (key.length !== keyLength || !/^[./A-Za-z0-9]+$/.test(key)) return fail('key')
  const derive = async (password: string): Promise<Uint8Array> => {
    const secret = Buffer.from(password)
    const first = hash(digest, Buffer.concat([Buffer.from(text.slice(4, 12)), secret]), 'buffer')
    const block = Buffer.concat([first, secret])
    for (let round = 0; round < 2 ** rounds; round += 1) block.set(hash(digest, block, 'buffer'))
    return Buffer.from(encode(block.subarray(0, first.length)).slice(0, keyLength))
  }
  return succeed({ expected: Buffer.from(key), derive })
}
