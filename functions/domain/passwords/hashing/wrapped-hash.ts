import { fail, succeed } from '../../result.ts'
import { readWith, type Scheme, type StoredHash } from './scheme.ts'
import { phc } from './schemes/phc.ts'

const form = /^wrapped\$(?<inner>[\w-]*)(?<outer>\$.*)?$/

/** The password of the outer hash: the key of the inner one. */
const secretOf = (key: Uint8Array): string => Buffer.from(key).toString('base64')

/**
 * What is stored of a digest that is too fast to be stored: `wrapped$`, base64url of the hash with its key zeroed, and a PHC
 * string of a slow hash over that key. Undefined for hashes that are slow enough.
 */
export async function wrapFast(
  { blank, expected }: StoredHash,
  slowHash: (secret: string) => Promise<string>,
): Promise<string | undefined> {
  if (blank === undefined) return undefined
  return `wrapped$${Buffer.from(blank).toString('base64url')}${await slowHash(secretOf(expected))}`
}

/** Reads what `wrapFast` made of hashes of these schemes. */
export const wrapped = (fast: readonly Scheme[]): Scheme => ({
  name: 'Wrapped digest',
  form: /^wrapped\$/,
  read: (text) => {
    const { inner: encoded = '', outer: outerText = '' } = form.exec(text)?.groups ?? {}
    const innerText = Buffer.from(encoded, 'base64url').toString()
    if (Buffer.from(innerText).toString('base64url') !== encoded) return fail('padding')
    const inner = readWith(fast, innerText)
    if (!inner?.ok) return inner ?? fail('scheme')
    // A key in it would be the digest that must not be stored.
    if (inner.value.blank !== innerText) return fail('key')
    if (!/^\$(?:argon2id|scrypt)\$/.test(outerText)) return fail('scheme')
    const outer = phc.read(outerText)
    if (!outer.ok) return outer
    const { expected, derive } = outer.value
    return succeed({ expected, derive: async (password) => derive(secretOf(await inner.value.derive(password))) })
  },
})
