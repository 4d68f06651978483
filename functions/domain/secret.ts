import { createHash } from 'node:crypto'

/** 256 random bits, base64url. */
export const randomSecret = (randomBytes: (count: number) => Uint8Array): string =>
  Buffer.from(randomBytes(32)).toString('base64url')

/** SHA-256, base64url: all that is stored of a secret whose bits are random, so that no slow hash is needed. */
export const sha256 = (secret: string | Uint8Array): string => createHash('sha256').update(secret).digest('base64url')
