import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { type ApiCall, awsError } from './aws-api.ts'
import type { LocalKey } from './kms-keys.ts'
import { readRequest } from './read-request.ts'

const algorithm = 'SYMMETRIC_DEFAULT'

// Not a record of valibot's, which leaves out members with names such as `constructor`.
const encryptionContext = v.custom<Readonly<Record<string, string>>>(
  (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
)

const common = {
  KeyId: v.string(),
  EncryptionContext: v.exactOptional(encryptionContext, {}),
  EncryptionAlgorithm: v.exactOptional(v.literal(algorithm), algorithm),
}

// KMS also decrypts without a key id. Here it must be named, so that a ciphertext of another key is always refused.
const decryptRequest = v.strictObject({ ...common, CiphertextBlob: base64(6144) })
const encryptRequest = v.strictObject({ ...common, Plaintext: base64(4096) })

const version = 1
const ivLength = 12
const tagLength = 16

/** The keys and values that a request binds a ciphertext to; none where it has no such object. */
export const contextOf = ({ EncryptionContext }: ApiCall['parameters']): readonly (readonly [string, unknown])[] =>
  isObject(EncryptionContext) ? Object.entries(EncryptionContext) : []

export function encrypt(parameters: ApiCall['parameters'], { keyId, arn }: LocalKey, key: KeyObject) {
  const { Plaintext } = readRequest(encryptRequest, parameters)
  const header = headerOf(keyId)
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(authenticated(header, parameters))
  const encrypted = Buffer.concat([cipher.update(Plaintext, 'base64'), cipher.final()])
  const blob = Buffer.concat([header, iv, cipher.getAuthTag(), encrypted])
  return { CiphertextBlob: blob.toString('base64'), KeyId: arn, EncryptionAlgorithm: algorithm }
}

export function decrypt(parameters: ApiCall['parameters'], { keyId, arn }: LocalKey, key: KeyObject) {
  const blob = Buffer.from(readRequest(decryptRequest, parameters).CiphertextBlob, 'base64')
  const header = headerIn(blob)
  if (!header.equals(headerOf(keyId))) {
    throw awsError('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can decrypt this.')
  }
  const [iv, tag, encrypted] = partsOf(blob.subarray(header.length))
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
    .setAAD(authenticated(header, parameters))
    .setAuthTag(tag)
  const plaintext = orInvalid(() => Buffer.concat([decipher.update(encrypted), decipher.final()]))
  return { KeyId: arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: algorithm }
}

// As in KMS, a ciphertext says which key it is for.
const headerOf = (keyId: string): Buffer => Buffer.from([version, Buffer.byteLength(keyId), ...Buffer.from(keyId)])

function headerIn(blob: Buffer): Buffer {
  const length = 2 + (blob[1] ?? 0)
  if (blob[0] !== version || blob.length <= length + ivLength + tagLength) throw invalidCiphertext()
  return blob.subarray(0, length)
}

const partsOf = (rest: Buffer): readonly [iv: Buffer, tag: Buffer, encrypted: Buffer] => [
  rest.subarray(0, ivLength),
  rest.subarray(ivLength, ivLength + tagLength),
  rest.subarray(ivLength + tagLength),
]

// The order of the members does not count.
function authenticated(header: Buffer, parameters: ApiCall['parameters']): Buffer {
  const entries = contextOf(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Buffer.concat([header, Buffer.from(JSON.stringify(entries))])
}

function orInvalid<T>(open: () => T): T {
  try {
    return open()
  } catch {
    throw invalidCiphertext()
  }
}

const invalidCiphertext = () => awsError('InvalidCiphertextException', '')

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function base64(maxBytes: number) {
  return v.pipe(
    v.string(),
    v.base64(),
    v.check((text) => {
      const { length } = Buffer.from(text, 'base64')
      return length > 0 && length <= maxBytes
    }, `must be 1 to ${maxBytes} bytes`),
  )
}
