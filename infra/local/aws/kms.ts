import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Account, type Api, type ApiCall, awsError, jsonAnswer, unknownOperation } from './aws-api.ts'
import { findPrivateKey, type LocalKey } from './kms-keys.ts'

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

function readRequest<Schema extends v.GenericSchema>(schema: Schema, parameters: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters)
  if (result.success) return result.output
  throw awsError('ValidationException', v.summarize(result.issues))
}

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

type Operation = (parameters: ApiCall['parameters'], key: LocalKey, privateKey: KeyObject) => object

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['Sign', sign],
  ['GetPublicKey', getPublicKey],
])

type KmsOptions = Account & { readonly data: string; readonly keys: readonly LocalKey[] }

/** KMS with the template's keys: asymmetric ones for signing, their private halves in the data folder. */
export function createKms({ data, keys, region, account }: KmsOptions): Api {
  const privateKeys = new Map<LocalKey, Promise<KeyObject>>()

  const findKey = ({ KeyId }: ApiCall['parameters']) => keys.find(({ keyId, arn }) => KeyId === keyId || KeyId === arn)

  function privateKeyOf(key: LocalKey): Promise<KeyObject> {
    const found = privateKeys.get(key) ?? findPrivateKey(join(data, 'kms'), key)
    privateKeys.set(key, found)
    return found
  }

  return {
    access({ operation, parameters }) {
      const { KeyId, SigningAlgorithm, MessageType = 'RAW' } = parameters
      const context = { 'kms:SigningAlgorithm': [String(SigningAlgorithm)], 'kms:MessageType': [String(MessageType)] }
      const resource = findKey(parameters)?.arn ?? `arn:aws:kms:${region}:${account}:key/${KeyId}`
      return [{ action: `kms:${operation}`, resource, context: operation === 'Sign' ? context : {} }]
    },
    async perform({ operation, parameters }) {
      const perform = operations.get(operation)
      const key = findKey(parameters)
      if (!perform) throw unknownOperation(`kms:${operation}`)
      if (!key) throw awsError('NotFoundException', `Key '${parameters['KeyId']}' does not exist`)
      return jsonAnswer(perform(parameters, key, await privateKeyOf(key)))
    },
  }
}
