import type { DecryptSecret } from '../../domain/sign-in/encrypted-secret.ts'
import { Unavailable } from '../../domain/unavailable.ts'
import { type AwsRequestOptions, createSendToAws } from '../aws-request.ts'

const kms = { signingName: 'kms', hostPrefix: 'kms', variableName: 'KMS' } as const

type Options = Omit<AwsRequestOptions, 'service' | 'region'>

/**
 * Decrypts by one signed request what `createEncrypt` has encrypted, for a function that uses KMS for nothing else: the SDK's
 * client would be 27 KB more. A request that got no answer is sent once more, because decrypting changes nothing.
 * @throws Unavailable where KMS does not answer and another try may succeed; Error for another context or key.
 */
export function createDecryptByRequest(options: Options, KeyId: string): DecryptSecret {
  const send = createSendToAws({ ...options, service: kms })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Decrypt' }
  return async (CiphertextBlob, { sub }) => {
    const body = JSON.stringify({ KeyId, CiphertextBlob, EncryptionContext: { sub } })
    const request = { path: '/', headers, body }
    const first = await send(request)
    const sent = first.ok && first.value.status < 500 ? first : await send(request)
    if (!sent.ok || sent.value.status >= 500 || isThrottled(sent.value.body))
      throw new Unavailable('KMS does not answer.')
    const { Plaintext }: { readonly Plaintext?: unknown } = sent.value.status === 200 ? JSON.parse(sent.value.body) : {}
    if (typeof Plaintext !== 'string') throw new Error(`KMS refused to decrypt: ${sent.value.status}.`)
    return Buffer.from(Plaintext, 'base64').toString()
  }
}

const isThrottled = (body: string): boolean => body.length < 4096 && body.includes('ThrottlingException')
