import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Signer } from '../../../functions/domain/tokens/access-token.ts'
import { type PublicJwk, publicJwk } from '../../../functions/domain/tokens/jwk-set.ts'
import { importJwkSet } from '../../../functions/domain/tokens/verification-keys.ts'

export type TestKey = { readonly privateKey: KeyObject; readonly jwk: PublicJwk; readonly signer: Signer }

/** A fresh RSA key that signs as KMS does. */
export async function createTestKey(bits = 2048): Promise<TestKey> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const jwk = await publicJwk(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))
  return { privateKey, jwk, signer: { kid: jwk.kid, sign: async (input) => sign('sha256', input, privateKey) } }
}

export const verificationKeys = (...keys: readonly TestKey[]) =>
  importJwkSet(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))

/** A JWS of any header and payload, signed rightly: what a test forges. Text and bytes are taken as they are. */
export function forge({ privateKey }: TestKey, header: object | string, payload: object | string): string {
  const encode = (part: object | string) =>
    Buffer.from(typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part)).toString('base64url')
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
}
