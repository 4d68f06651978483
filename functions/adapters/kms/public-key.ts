import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { answerOf } from '../aws-client.ts'
import { onceAllowed, type Pause } from '../once-allowed.ts'

/** Reads the public half of a KMS key, DER-encoded. A denial is retried for about 20 s, because IAM may lag. */
export const createPublicKeyReader =
  (client: KMSClient, pause: Pause) =>
  async (KeyId: string): Promise<Uint8Array> => {
    const ask = () => answerOf(client.send(new GetPublicKeyCommand({ KeyId })))
    const { PublicKey } = await onceAllowed(ask, pause)
    if (!PublicKey) throw new TypeError('KMS answered without a public key.')
    return PublicKey
  }
