import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { DecryptSecret, EncryptSecret } from '../../domain/sign-in/encrypted-secret.ts'
import { answerOf } from '../aws-client.ts'

// Short secrets, encrypted by a KMS key that never leaves KMS. Whose secret it is goes along as the encryption context: KMS
// decrypts it with the same context only, and CloudTrail shows it. What is stored is base64. Two functions and not one
// object, so that a bundle carries only what it calls.

/** @throws Unavailable where KMS does not answer and another try may succeed. */
export const createEncrypt =
  (client: KMSClient, KeyId: string): EncryptSecret =>
  async (secret, { sub }) => {
    const command = new EncryptCommand({ KeyId, Plaintext: Buffer.from(secret), EncryptionContext: { sub } })
    const { CiphertextBlob } = await answerOf(client.send(command))
    if (!CiphertextBlob) throw new TypeError('KMS answered without a ciphertext.')
    return Buffer.from(CiphertextBlob).toString('base64')
  }

/**
 * @throws Unavailable where KMS does not answer and another try may succeed; InvalidCiphertextException for another context,
 * IncorrectKeyException for what another key has encrypted.
 */
export const createDecrypt =
  (client: KMSClient, KeyId: string): DecryptSecret =>
  async (encrypted, { sub }) => {
    const CiphertextBlob = Buffer.from(encrypted, 'base64')
    const command = new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: { sub } })
    const { Plaintext } = await answerOf(client.send(command))
    if (!Plaintext) throw new TypeError('KMS answered without a plaintext.')
    return Buffer.from(Plaintext).toString()
  }
