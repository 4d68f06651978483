import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { importJwkSet } from '../../../functions/domain/tokens/verification-keys.ts'
import { createTestKey } from '../../support/builders/signing-key.ts'

const { jwk, privateKey } = await createTestKey()
const { jwk: second } = await createTestKey()
const { jwk: short } = await createTestKey(1024)
const { publicKey: elliptic } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const importKeys = (...keys: readonly object[]) => importJwkSet(JSON.stringify({ keys }))

test('holds every public key under its kid', () => {
  const keys = importKeys(jwk, second)

  expect([...keys.keys()]).toEqual([jwk.kid, second.kid])
  expect(keys.get(jwk.kid)).toMatchObject({ type: 'public', asymmetricKeyType: 'rsa' })
})

// REQ-66, REQ-67
test.each<[string, readonly object[]]>([
  ['no key', []],
  ['a private key', [{ ...privateKey.export({ format: 'jwk' }), kid: 'private' }]],
  ['an elliptic key', [{ ...elliptic.export({ format: 'jwk' }), kid: 'elliptic' }]],
  ['a symmetric key', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' }]],
  ['a key for another algorithm', [{ ...jwk, alg: 'RS512' }]],
  ['a key for encryption', [{ ...jwk, use: 'enc' }]],
  ['a key without a kid', [{ ...jwk, kid: undefined }]],
  ['two keys of one kid', [jwk, { ...second, kid: jwk.kid }]],
  ['a good key and a bad one', [jwk, { ...second, kty: 'EC' }]],
  ['a key to sign with', [{ ...jwk, key_ops: ['sign'] }]],
  ['a short key', [short]],
  ['a key without a modulus', [{ ...jwk, n: undefined }]],
  ['a key of no kind', [{ kid: 'none' }]],
])('a set with %s stops the load', (_, keys) => {
  expect(() => importKeys(...keys)).toThrow()
})
