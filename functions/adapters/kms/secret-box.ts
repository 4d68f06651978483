import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms'
import { answerOf } from '../aws-client.ts'

/** Whom a secret belongs to. KMS logs it in CloudTrail, in plain text. */
type SecretContext = { readonly sub: string }

export type SecretBox = {
  /** At most 4,096 bytes, not empty. */
  readonly encrypt: (plaintext: string, context: SecretContext) => Promise<Uint8Array>
  /** @throws Error for bytes that were not encrypted by this key for this account, unchanged: nothing else is stored. */
  readonly decrypt: (ciphertext: Uint8Array, context: SecretContext) => Promise<string>
}

/** Keeps secrets with a symmetric KMS key. A ciphertext that is moved to another account opens there for nobody. */
export function createSecretBox(client: KMSClient, keyId: string): SecretBox {
  return {
    encrypt: async (plaintext, context) => {
      const request = { KeyId: keyId, Plaintext: Buffer.from(plaintext), EncryptionContext: contextOf(context) }
      const { CiphertextBlob } = await answerOf(client.send(new EncryptCommand(request)))
      if (!CiphertextBlob) throw new TypeError('KMS answered without a ciphertext.')
      return CiphertextBlob
    },
    decrypt: async (ciphertext, context) => {
      // KMS would find the key by itself, and then the ciphertext would choose it.
      const request = { KeyId: keyId, CiphertextBlob: ciphertext, EncryptionContext: contextOf(context) }
      const { Plaintext } = await answerOf(client.send(new DecryptCommand(request)))
      if (!Plaintext) throw new TypeError('KMS answered without a plaintext.')
      return Buffer.from(Plaintext).toString()
    },
  }
}

// The role allows no member but this one.
const contextOf = ({ sub }: SecretContext) => ({ sub })
