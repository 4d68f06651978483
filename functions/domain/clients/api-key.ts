import { createHash, timingSafeEqual } from 'node:crypto'
import type { Result } from '../result.ts'

// `lk_<id>_<secret><checksum>`: letters and digits, so that a double click selects all of an id or a secret, and no encoding
// changes them. The id has 96 random bits, the secret 256, the checksum is the CRC-32 of all that is before it.
const prefix = 'lk_'
const idLength = 17
const secretLength = 43
const checksumLength = 6
const form = /^lk_([0-9A-Za-z]{17})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/
const idForm = /^[0-9A-Za-z]{17}$/

/** How many API keys an account has at most. */
export const maxApiKeys = 20

/** How long an API key is good, in seconds: unless its owner says otherwise, and at most. */
export const apiKeyLifetime = { default: 90 * 86_400, max: 365 * 86_400 }

/**
 * An API key as it is found by its id: a client of one person. Its secret has 256 random bits, so a fast hash without salt is
 * enough. `epoch` is that of its owner when it was created. Times are NumericDates in whole seconds.
 */
export type ApiKey = {
  readonly id: string
  readonly sub: string
  readonly secretHash: string
  readonly scope: readonly string[]
  readonly epoch: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** An API key as its owner sees it. `lastUsedAt` is the beginning of a day (UTC); absent where it was never used. */
export type ListedApiKey = Pick<ApiKey, 'id' | 'scope' | 'createdAt' | 'expiresAt'> & {
  readonly name: string
  readonly lastUsedAt: number | undefined
}

/** Where API keys are kept. Reads are strongly consistent; each change is one transaction. */
export type ApiKeyStore = {
  /**
   * Stores a key together with its place in the list of its owner, who has at most `maxApiKeys`. Fails with
   * `session_ended` where the epoch of the owner is no longer that of the key.
   */
  readonly addApiKey: (
    key: ApiKey,
    name: string,
  ) => Promise<Result<void, { readonly reason: 'too_many_keys' | 'session_ended' }>>
  /** The keys of an account, expired ones too, the latest first. */
  readonly listApiKeys: (sub: string) => Promise<readonly ListedApiKey[]>
  /** Revokes a key of the account and ends its tokens. False where the account has no such key. */
  readonly revokeApiKey: (sub: string, id: string) => Promise<boolean>
}

/** The id of the client that a key is. */
export const apiKeyClient = (id: string): string => `${prefix}${id}`

/** Whether a client id can only be that of an API key. */
export const isApiKeyClient = (clientId: string): boolean => clientId.startsWith(prefix)

/** Whether a key can have this id, so that it is worth a look-up. */
export const isApiKeyId = (text: string): boolean => idForm.test(text)

/**
 * The client that a secret names as its own: that of a key, or `lk_` for something that was meant to be one. Undefined for
 * every other secret.
 */
export function clientNamedBy(secret: string): string | undefined {
  if (!secret.startsWith(prefix)) return undefined
  const [, id = ''] = form.exec(secret) ?? []
  return apiKeyClient(id)
}

/** A new key. It is the only time that anyone can know it: what is stored is its hash. */
export function newApiKey(randomBytes: (count: number) => Uint8Array) {
  const id = base62(randomBytes(12), idLength)
  const secret = base62(randomBytes(32), secretLength)
  const text = `${apiKeyClient(id)}_${secret}`
  return { id, key: text + checksumOf(text), secretHash: hashOf(secret) }
}

/** The parts of a key; undefined for what cannot be one, and for one with a slip of the keyboard in it. */
export function readApiKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id = '', secret = '', checksum] = form.exec(text) ?? []
  return checksum !== undefined && checksumOf(text.slice(0, -checksumLength)) === checksum ? { id, secret } : undefined
}

/** Whether it is the secret of the key, compared in constant time. */
export function isSecretOf({ secretHash }: Pick<ApiKey, 'secretHash'>, secret: string): boolean {
  const [expected, actual] = [Buffer.from(secretHash), Buffer.from(hashOf(secret))]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

const checksumOf = (text: string): string => digits(BigInt(crc32(Buffer.from(text))), checksumLength)

/** The CRC-32 of gzip and PNG (RFC 1952 section 8), of few bytes and so without a table. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

const base62 = (bytes: Uint8Array, length: number): string =>
  digits(BigInt(`0x${Buffer.from(bytes).toString('hex')}`), length)

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A number in base 62, the most significant digit first, filled up with zeros. */
const digits = (number: bigint, length: number): string =>
  length === 0 ? '' : digits(number / 62n, length - 1) + alphabet[Number(number % 62n)]
