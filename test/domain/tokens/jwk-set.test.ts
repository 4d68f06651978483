import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { publicJwk } from '../../../functions/domain/tokens/jwk-set.ts'

// REQ-119
test.each(['ed25519', 'x25519', 'ec'])('a signing key of the kind %s is refused', async (kind) => {
  const options = { namedCurve: 'P-256' }
  const { publicKey } = generateKeyPairSync(kind as 'ec', options)

  await expect(publicJwk(publicKey.export({ type: 'spki', format: 'der' }))).rejects.toThrow('must be RSA')
})
