import { KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { createDecrypt } from '../adapters/kms/secret-box.ts'
import type { DecryptSecret } from '../domain/sign-in/encrypted-secret.ts'

/** Decrypts secrets with the KMS key of this id. Without one there are none. */
export function wireDecrypt(keyId: string | null): DecryptSecret {
  if (keyId !== null) return createDecrypt(new KMSClient(clientConfig), keyId)
  return async () => {
    throw new Error('There is no key for the secrets of factors.')
  }
}
