import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type LocalKey = {
  readonly keyId: string
  readonly arn: string
  readonly keySpec: 'RSA_2048' | 'RSA_3072'
}

const modulusLengths = { RSA_2048: 2048, RSA_3072: 3072 }

async function makeKey(path: string, { keySpec }: LocalKey): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusLengths[keySpec] })
  const text = JSON.stringify(privateKey.export({ format: 'jwk' }))
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
    return createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
  } catch {
    return undefined
  }
}

/** A key's private half, a JWK in the data folder; created at its first use. */
export async function findPrivateKey(folder: string, key: LocalKey): Promise<KeyObject> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${key.keyId}.jwk.json`)
  const found = readKey((await readText(path)) ?? (await makeKey(path, key)))
  if (found?.asymmetricKeyDetails?.modulusLength !== modulusLengths[key.keySpec]) {
    throw new Error(`${path} holds no ${key.keySpec} key: put it back, or start with --reset to make new keys.`)
  }
  return found
}
