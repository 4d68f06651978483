import { hash } from 'node:crypto'
import { fail, succeed } from '../../../result.ts'
import { to64 } from '../primitives/crypt64.ts'
import { isWithin, readCost } from '../primitives/members.ts'
import type { Scheme } from '../scheme.ts'

type Variant = {
  readonly digest: 'sha256' | 'sha512'
  readonly keyLength: number
  /** Which bytes of the digest make four digits, the highest first. */
  readonly groups: readonly (readonly [number, number, number])[]
  readonly last: (bytes: Uint8Array) => string
}

// Each group is the one before it, turned and moved on by one.
const groupsFrom = (
  count: number,
  third: number,
  turn: (a: number, b: number, c: number) => Variant['groups'][number],
) =>
  Array.from({ length: count - 1 }).reduce<Variant['groups'][number][]>(
    (groups) => [...groups, turn(...(groups.at(-1) ?? [0, 0, 0]))],
    [[0, third, 2 * third]],
  )

const variants: Readonly<Record<string, Variant>> = {
  '5': {
    digest: 'sha256',
    keyLength: 43,
    groups: groupsFrom(10, 10, (a, b, c) => [c + 1, a + 1, b + 1]),
    last: ({ 30: low = 0, 31: high = 0 }) => to64((high << 8) | low, 3),
  },
  '6': {
    digest: 'sha512',
    keyLength: 86,
    groups: groupsFrom(21, 21, (a, b, c) => [b + 1, c + 1, a + 1]),
    last: ({ 63: low = 0 }) => to64(low, 2),
  },
}

const form = /^\$(?<id>[56])\$(?:rounds=(?<rounds>[^$]*)\$)?(?<salt>[^$]*)(?:\$(?<key>.*))?$/

// A million rounds over 256 bytes, the longest password of musl's crypt. Each round hashes the whole password up to twice,
// so that without a bound a stranger chooses how long a check takes.
const maxBytesOfRounds = 256_000_000

const noKey = new Uint8Array()

/**
 * `$5$` and `$6$`, with `rounds=` up to a million: SHA-crypt of glibc (Ulrich Drepper, Unix crypt using SHA-256 and SHA-512).
 * A password of more than 256 bytes times a million rounds never matches.
 */
export const shaCrypt: Scheme = {
  name: 'SHA-crypt',
  form: /^\$[56]\$/,
  read: (text) => {
    const { id = '', rounds: roundsText = '5000', salt = '', key = '' } = form.exec(text)?.groups ?? {}
    const variant = variants[id]
    if (!variant) return fail('scheme')
    const rounds = readCost(roundsText)
    if (!isWithin(rounds, 1000, 1_000_000)) return fail('cost')
    if (!/^[./A-Za-z0-9]{4,16}$/.test(salt)) return fail('salt')
    if (key.length !== variant.keyLength || !/^[./A-Za-z0-9]+$/.test(key)) return fail('key')
    return succeed({
      expected: Buffer.from(key),
      derive: async (password) => {
        if (Buffer.byteLength(password) * rounds > maxBytesOfRounds) return noKey
        return Buffer.from(encode(variant, compute(variant, password, salt, rounds)))
      },
      recipe: { kind: 'sha-crypt', text },
    })
  },
}

const encode = ({ groups, last }: Variant, bytes: Uint8Array): string => {
  const of = (index: number) => bytes[index] ?? 0
  return groups.map(([a, b, c]) => to64((of(a) << 16) | (of(b) << 8) | of(c), 4)).join('') + last(bytes)
}

/** `bytes` again and again, up to `length`. */
const repeat = (bytes: Uint8Array, length: number): Buffer => Buffer.alloc(length, bytes)

// The names and the order are those of Drepper's text.
function compute({ digest }: Variant, password: string, saltText: string, rounds: number): Buffer {
  const sha = (parts: readonly Uint8Array[]): Buffer => hash(digest, Buffer.concat(parts), 'buffer')
  const [key, salt] = [Buffer.from(password), Buffer.from(saltText)]
  const b = sha([key, salt, key])
  const bits = key.length.toString(2).split('').reverse()
  const a = sha([key, salt, repeat(b, key.length), ...bits.map((bit) => (bit === '1' ? b : key))])
  const p = repeat(sha([repeat(key, key.length ** 2)]), key.length)
  const s = repeat(sha([repeat(salt, salt.length * (16 + (a[0] ?? 0)))]), salt.length)
  let c = a
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? p : c]
    if (round % 3 !== 0) parts.push(s)
    if (round % 7 !== 0) parts.push(p)
    parts.push(isOdd ? c : p)
    c = sha(parts)
  }
  return c
}
