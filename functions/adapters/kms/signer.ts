import { createHash } from 'node:crypto'
import { type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import type { Signer } from '../../domain/tokens/access-token.ts'
import { answerOf } from '../aws-client.ts'

/** Signs with a KMS key, whose private half never leaves KMS. The digest is sent, because RAW is limited to 4,096 bytes. */
export function createKmsSigner(client: KMSClient, keyId: string, kid: string): Signer {
  return {
    kid,
    sign: async (input) => {
      const command = new SignCommand({
        KeyId: keyId,
        Message: createHash('sha256').update(input).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
      })
      const { Signature } = await answerOf(client.send(command))
      if (!Signature) throw new TypeError('KMS answered without a signature.')
      return Signature
    },
  }
}
