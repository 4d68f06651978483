import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { answerOf } from './aws-client.ts'

/** Reads the public half of a KMS key, DER-encoded. */
export const createPublicKeyReader =
  (client: KMSClient) =>
  async (KeyId: string): Promise<Uint8Array> => {
    const { PublicKey } = await answerOf(client.send(new GetPublicKeyCommand({ KeyId })))
    if (!PublicKey) throw new TypeError('KMS answered without a public key.')
    return PublicKey
  }
