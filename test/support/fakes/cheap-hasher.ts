import { argon2Sync, randomBytes } from 'node:crypto'
import {
  createPasswordHasher,
  type PasswordHasher,
} from '../../../functions/domain/passwords/hashing/password-hasher.ts'

const cheapest = { memory: 8, passes: 1, parallelism: 1, tagLength: 32 }
const present = '$argon2id$v=19$m=8,t=1,p=1$'
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')
const hash = (password: string): string => {
  const nonce = randomBytes(16)
  return `${present}${base64(nonce)}$${base64(argon2Sync('argon2id', { message: password, nonce, ...cheapest }))}`
}

/** The real hasher, but for what a new hash costs: where log-ins come by the thousand and the hash is not in question. */
export const cheapHasher: PasswordHasher = {
  ...createPasswordHasher(),
  hash: async (password) => hash(password),
  isRenewable: async (_, stored) => !stored.startsWith(present),
  decoy: hash('nobody has this one'),
}
