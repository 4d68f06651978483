import { createHash } from 'node:crypto'
import { kindOf } from '../../../domain/accounts/identifier.ts'
import { sha256 } from '../../../domain/secret.ts'
import type { Key } from './table.ts'

// The partition decides which role may touch an item. Keys that only one file uses are made there.
export const accountKey = (sub: string): Key => ({ pk: `ACCOUNT#${sub}`, sk: 'ACCOUNT' })
export const consentKey = (sub: string, clientId: string): Key => ({ pk: `CONSENT#${sub}`, sk: clientId })
export const clientKey = (id: string): Key => ({ pk: `CLIENT#${id}`, sk: 'CLIENT' })
export const passwordKey = (sub: string): Key => ({ pk: `SECRET#${sub}`, sk: 'PASSWORD' })
export const factorsKey = (sub: string): Key => ({ pk: `SECRET#${sub}`, sk: 'FACTORS' })
export const totpKey = (sub: string): Key => ({ pk: `SECRET#${sub}`, sk: 'TOTP' })
export const recoveryKey = (sub: string): Key => ({ pk: `SECRET#${sub}`, sk: 'RECOVERY' })
// By a hash: the id of a passkey may have 1,023 bytes, and a sort key 1,024.
export const passkeyKey = (sub: string, id: string): Key => ({ pk: `SECRET#${sub}`, sk: `PASSKEY#${sha256(id)}` })
export const passkeyOwnerKey = (id: string): Key => ({ pk: `ID#passkey#${sha256(id)}`, sk: 'ID' })
export const epochKey = (sub: string): Key => ({ pk: `SESSIONS#${sub}`, sk: 'EPOCH' })
export const sessionKey = (sub: string, id: string): Key => ({ pk: `SESSIONS#${sub}`, sk: `SESSION#${id}` })
export const identifierKey = (identifier: string): Key => ({
  pk: `ID#${kindOf(identifier)}#${identifier}`,
  sk: 'ID',
})

/** The partitions of the directory, which lists every account by an identifier. */
export const directories = Array.from({ length: 16 }, (_, index) => `DIRECTORY#${String(index).padStart(2, '0')}`)

export function directoryKey(identifier: string): Key {
  const [byte = 0] = createHash('sha256').update(identifier).digest()
  return { pk: `DIRECTORY#${String(byte % directories.length).padStart(2, '0')}`, sk: identifier }
}
