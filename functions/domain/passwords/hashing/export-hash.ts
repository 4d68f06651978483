import { fail } from '../../result.ts'
import { createCommonSchemes } from './common-schemes.ts'
import type { Bcrypt } from './primitives/bcrypt.ts'
import { readTextSalt } from './primitives/members.ts'
import { createRareSchemes } from './rare-schemes.ts'
import { type Recipe, readWith } from './scheme.ts'
import { formatPhc } from './schemes/phc.ts'

/** Systems that a stored hash can be written for. `phc` is PHC strings, and those of crypt(3): `$2b$`, `$5$`, `$6$`. */
export type HashFormat = 'flask' | 'django' | 'phc'

/**
 * A stored hash as another system reads it, for people who leave: Werkzeug's form for `flask` (argon2id as a PHC string and
 * bcrypt as `$2b$`, which argon2-cffi and Flask-Bcrypt read), a hasher's of django.contrib.auth for `django`.
 *
 * Undefined if that system cannot express it: hashes of schemes that only their own system computes (WordPress, Drupal,
 * Firebase, better-auth, wrapped digests), a salt that is not text, or a key of another length or more memory than it takes.
 */
export function exportHash(stored: string, format: HashFormat): string | undefined {
  const read = readWith(schemes, stored) ?? fail('scheme')
  return read.ok && read.value.recipe ? writers[format](read.value.recipe, read.value.expected) : undefined
}

const neverComputed: Bcrypt = () => Promise.reject(new TypeError('An export computes no hash.'))
const schemes = [...createCommonSchemes(neverComputed), ...createRareSchemes(neverComputed)]

type Write = (recipe: Recipe, key: Uint8Array) => string | undefined

const writers: Readonly<Record<HashFormat, Write>> = {
  phc: (recipe, key) => {
    switch (recipe.kind) {
      case 'argon2':
        return formatPhc({ id: recipe.variant, version: 19, parameters: recipe.costs, salt: recipe.salt, key })
      case 'scrypt': {
        const { N, r, p, salt } = recipe
        return formatPhc({ id: 'scrypt', parameters: { ln: Math.log2(N), r, p }, salt, key })
      }
      case 'pbkdf2': {
        const id = recipe.digest === 'sha1' ? 'pbkdf2' : `pbkdf2-${recipe.digest}`
        return formatPhc({ id, parameters: { i: recipe.rounds }, salt: recipe.salt, key })
      }
      case 'bcrypt':
        return newestBcrypt(recipe.text)
      case 'sha-crypt':
        return recipe.text
    }
  },
  flask: (recipe, key) => {
    switch (recipe.kind) {
      case 'argon2':
      case 'bcrypt':
        return writers.phc(recipe, key)
      case 'scrypt': {
        const { N, r, p } = recipe
        const salt = textOf(recipe.salt)
        if (salt === undefined || key.length !== 64) return undefined
        return `scrypt:${N}:${r}:${p}$${salt}$${Buffer.from(key).toString('hex')}`
      }
      case 'pbkdf2': {
        const { digest, rounds } = recipe
        const salt = textOf(recipe.salt)
        if (salt === undefined || key.length !== lengths[digest]) return undefined
        return `pbkdf2:${digest}:${rounds}$${salt}$${Buffer.from(key).toString('hex')}`
      }
      case 'sha-crypt':
        return undefined
    }
  },
  django: (recipe, key) => {
    switch (recipe.kind) {
      case 'argon2':
        return `argon2${writers.phc(recipe, key)}`
      case 'bcrypt':
        return `bcrypt$${newestBcrypt(recipe.text)}`
      case 'scrypt': {
        const { N, r, p } = recipe
        const salt = textOf(recipe.salt)
        if (salt === undefined || key.length !== 64 || 128 * r * (N + p + 2) > opensslMemory) return undefined
        return `scrypt$${N}$${salt}$${r}$${p}$${Buffer.from(key).toString('base64')}`
      }
      case 'pbkdf2': {
        const { digest, rounds } = recipe
        const salt = textOf(recipe.salt)
        if (salt === undefined || !djangoDigests.includes(digest) || key.length !== lengths[digest]) return undefined
        return `pbkdf2_${digest}$${rounds}$${salt}$${Buffer.from(key).toString('base64')}`
      }
      case 'sha-crypt':
        return undefined
    }
  },
}

// Both derive a key as long as the digest, whatever the length of the stored one.
const lengths: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }
const djangoDigests = ['sha1', 'sha256']

// Django leaves OpenSSL its limit, 32 MiB.
const opensslMemory = 32 * 2 ** 20

// All three compute the same; not every library reads the older names.
const newestBcrypt = (text: string): string => text.replace(/^\$2[ay]\$/, '$2b$')

function textOf(salt: Uint8Array): string | undefined {
  const text = Buffer.from(salt).toString('latin1')
  return readTextSalt(text).ok ? text : undefined
}
