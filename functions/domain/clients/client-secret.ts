import { timingSafeEqual } from 'node:crypto'
import { randomSecret, sha256 } from '../secret.ts'
import type { Client } from './client.ts'

/** A new secret of 256 random bits: letters, digits, `-` and `_` only, so that no encoding changes it. */
export const newClientSecret = randomSecret

export const hashClientSecret = (secret: string): string => sha256(secret)

/** Whether it is one of the client's secrets. Each is compared in constant time. */
export function hasSecret({ secrets }: Pick<Client, 'secrets'>, secret: string): boolean {
  const actual = Buffer.from(hashClientSecret(secret))
  return secrets.some(({ hash }) => isEqual(Buffer.from(hash), actual))
}

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
