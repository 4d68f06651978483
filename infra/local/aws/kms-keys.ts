import { createPrivateKey, createSecretKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type LocalKey = {
  readonly keyId: string
  readonly arn: string
  readonly keySpec: 'RSA_2048' | 'RSA_3072' | 'SYMMETRIC_DEFAULT'
}

type KeySpec = LocalKey['keySpec']

const modulusLengths = { RSA_2048: 2048, RSA_3072: 3072 }
const secretLength = 32

async function generateKey(keySpec: KeySpec): Promise<KeyObject> {
  if (keySpec === 'SYMMETRIC_DEFAULT') return createSecretKey(randomBytes(secretLength))
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusLengths[keySpec] })
  return privateKey
}

async function makeKey(path: string, { keySpec }: LocalKey): Promise<string> {
  const text = JSON.stringify((await generateKey(keySpec)).export({ format: 'jwk' }))
  // Renamed when complete, so an interrupted start leaves no half key.
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return text
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (Object(error).code === 'ENOENT') return undefined
    throw error
  }
}

function readKey(text: string): KeyObject | undefined {
  try {
    const jwk = JSON.parse(text)
    return jwk.kty === 'oct'
      ? createSecretKey(Buffer.from(jwk.k, 'base64url'))
      : createPrivateKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

const fits = (key: KeyObject | undefined, keySpec: KeySpec): key is KeyObject =>
  keySpec === 'SYMMETRIC_DEFAULT'
    ? key?.symmetricKeySize === secretLength
    : key?.asymmetricKeyDetails?.modulusLength === modulusLengths[keySpec]

/** What never leaves KMS of a key, a JWK in the data folder; created at its first use. */
export async function findSecretKey(folder: string, key: LocalKey): Promise<KeyObject> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${key.keyId}.jwk.json`)
  const found = readKey((await readText(path)) ?? (await makeKey(path, key)))
  if (fits(found, key.keySpec)) return found
  throw new Error(`${path} holds no ${key.keySpec} key: put it back, or start with --reset to make new keys.`)
}
