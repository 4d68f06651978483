import { type FirebaseParameters, type Form, isFilled, type Reading, readBase64, unpadded, userOf } from './form.ts'

/**
 * The `users` of `firebase auth:export`. Firebase hashes with its own scrypt: the derived key encrypts a signer key (AES-256
 * in counter mode), and the ciphertext is the hash. Ciphertext XOR signer key is the key stream, which depends on the password
 * only, so that the signer key stays here.
 */
export const firebase: Form = {
  name: 'Firebase',
  recognises: ({ localId }) => typeof localId === 'string',
  toUser: ({ localId, email, emailVerified, passwordHash, salt, disabled }, { firebase: parameters }) => {
    const address = { email, emailVerified: emailVerified === true }
    const known = { username: email, ...address, sub: localId, disabledBy: { disabled } }
    if (!isFilled(passwordHash)) return userOf(known)
    const wrong = (part: string): Reading => ({ wrong: part, ...(isFilled(email) && { username: email }) })
    if (!parameters) return wrong(missingParameters)
    const [bytes, saltBytes] = [readBase64(passwordHash), isFilled(salt) ? readBase64(salt) : undefined]
    if (!saltBytes) return wrong('password_hash: the salt is missing or not base64.')
    if (bytes?.length !== readBase64(parameters.signerKey)?.length)
      return wrong('password_hash: the key is not base64, or not as long as the signer key.')
    return userOf({ ...known, passwordHash: firebaseHash(bytes ?? Buffer.alloc(0), saltBytes, parameters) })
  },
}

const missingParameters =
  'password_hash: a hash of Firebase needs --firebase-signer-key, --firebase-salt-separator, --firebase-rounds and --firebase-mem-cost.'

function firebaseHash(bytes: Buffer, salt: Buffer, { signerKey, saltSeparator, rounds, memCost }: FirebaseParameters) {
  const key = readBase64(signerKey) ?? Buffer.alloc(0)
  const keyStream = bytes.map((byte, index) => byte ^ (key[index] ?? 0))
  const wholeSalt = Buffer.concat([salt, readBase64(saltSeparator) ?? Buffer.alloc(0)])
  return `$firebase-scrypt$ln=${memCost},r=${rounds},p=1$${unpadded(wholeSalt)}$${unpadded(keyStream)}`
}
