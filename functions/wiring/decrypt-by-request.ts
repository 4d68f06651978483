import type { AwsRequestOptions } from '../adapters/aws-request.ts'
import { createDecryptByRequest } from '../adapters/kms/decrypt-by-request.ts'
import type { DecryptSecret } from '../domain/sign-in/encrypted-secret.ts'

/** Decrypts secrets with the KMS key of this id, without an SDK client of KMS. Without a key there are none. */
export function wireDecryptByRequest(
  keyId: string | null,
  options: Pick<AwsRequestOptions, 'client' | 'environment'>,
): DecryptSecret {
  if (keyId !== null) return createDecryptByRequest(options, keyId)
  return async () => {
    throw new Error('There is no key for the secrets of factors.')
  }
}
