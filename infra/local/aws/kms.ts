import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Account, type Api, type ApiCall, awsError, jsonAnswer, unknownOperation } from './aws-api.ts'
import type { AccessRequest } from './iam.ts'
import { contextOf, decrypt, encrypt } from './kms-encryption.ts'
import { findSecretKey, type LocalKey } from './kms-keys.ts'
import { readRequest } from './read-request.ts'

export type { LocalKey }

const signingAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256'

// RFC 8017 section 9.2: what the signature holds before the 32 bytes of the SHA-256 digest.
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex')

const publicKeyRequest = v.strictObject({ KeyId: v.string() })
const signRequest = v.strictObject({
  KeyId: v.string(),
  Message: v.pipe(v.string(), v.base64()),
  MessageType: v.exactOptional(v.picklist(['RAW', 'DIGEST']), 'RAW'),
  SigningAlgorithm: v.string(),
})

function readDigest({ Message, MessageType }: v.InferOutput<typeof signRequest>): Buffer {
  const message = Buffer.from(Message, 'base64')
  if (message.length > 4096) throw awsError('ValidationException', 'Message is longer than 4096 bytes.')
  const digest = MessageType === 'DIGEST' ? message : createHash('sha256').update(message).digest()
  if (digest.length === 32) return digest
  throw awsError('ValidationException', `Digest is invalid length for algorithm ${signingAlgorithm}.`)
}

function sign(parameters: unknown, { arn, keySpec }: LocalKey, key: KeyObject) {
  const request = readRequest(signRequest, parameters)
  const { SigningAlgorithm } = request
  if (SigningAlgorithm !== signingAlgorithm) {
    throw awsError(
      'InvalidKeyUsageException',
      `Algorithm ${SigningAlgorithm} is not known here for key spec ${keySpec}.`,
    )
  }
  const encoded = Buffer.concat([digestInfo, readDigest(request)])
  const signature = privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encoded)
  return { KeyId: arn, Signature: signature.toString('base64'), SigningAlgorithm }
}

function getPublicKey(parameters: unknown, { arn, keySpec }: LocalKey, key: KeyObject) {
  readRequest(publicKeyRequest, parameters)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    KeyId: arn,
    PublicKey: spki.toString('base64'),
    KeySpec: keySpec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [signingAlgorithm],
  }
}

type Operation = {
  readonly perform: (parameters: ApiCall['parameters'], key: LocalKey, secret: KeyObject) => object
  readonly usage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT'
  /** What KMS answers for a key of the other usage. @default 'InvalidKeyUsageException' */
  readonly refusal?: string
}

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['Sign', { perform: sign, usage: 'SIGN_VERIFY' }],
  ['GetPublicKey', { perform: getPublicKey, usage: 'SIGN_VERIFY', refusal: 'UnsupportedOperationException' }],
  ['Encrypt', { perform: encrypt, usage: 'ENCRYPT_DECRYPT' }],
  ['Decrypt', { perform: decrypt, usage: 'ENCRYPT_DECRYPT' }],
])

const usageOf = ({ keySpec }: LocalKey): Operation['usage'] =>
  keySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY'

/** What the conditions of a role see of a request. */
function accessContext({ operation, parameters }: ApiCall): AccessRequest['context'] {
  if (operation === 'Sign') {
    const { SigningAlgorithm, MessageType = 'RAW' } = parameters
    return { 'kms:SigningAlgorithm': [String(SigningAlgorithm)], 'kms:MessageType': [String(MessageType)] }
  }
  const entries = contextOf(parameters)
  return {
    ...(entries.length > 0 && { 'kms:EncryptionContextKeys': entries.map(([name]) => name) }),
    ...Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, [String(value)]])),
  }
}

type KmsOptions = Account & { readonly data: string; readonly keys: readonly LocalKey[] }

/** KMS with the template's keys: asymmetric ones for signing, symmetric ones for secrets, both kept in the data folder. */
export function createKms({ data, keys, region, account }: KmsOptions): Api {
  const secretKeys = new Map<LocalKey, Promise<KeyObject>>()

  const findKey = ({ KeyId }: ApiCall['parameters']) => keys.find(({ keyId, arn }) => KeyId === keyId || KeyId === arn)

  function secretKeyOf(key: LocalKey): Promise<KeyObject> {
    const found = secretKeys.get(key) ?? findSecretKey(join(data, 'kms'), key)
    secretKeys.set(key, found)
    return found
  }

  return {
    access(call) {
      const { operation, parameters } = call
      const resource = findKey(parameters)?.arn ?? `arn:aws:kms:${region}:${account}:key/${parameters['KeyId']}`
      return [{ action: `kms:${operation}`, resource, context: accessContext(call) }]
    },
    async perform({ operation: name, parameters }) {
      const operation = operations.get(name)
      const key = findKey(parameters)
      if (!operation) throw unknownOperation(`kms:${name}`)
      if (!key) throw awsError('NotFoundException', `Key '${parameters['KeyId']}' does not exist`)
      const { perform, usage, refusal = 'InvalidKeyUsageException' } = operation
      if (usageOf(key) !== usage)
        throw awsError(refusal, `${key.arn} key usage is ${usageOf(key)}, not valid for ${name}.`)
      return jsonAnswer(perform(parameters, key, await secretKeyOf(key)))
    },
  }
}
