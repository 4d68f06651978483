/** A password ready to be hashed: normalised and checked. Only `readPassword` makes one. */
export type Password = string & { readonly kind: 'password' }

/**
 * A password as it was entered, to be compared with a stored hash. Another system may have hashed it as it was `sent`,
 * without NFC. Only `readEnteredPassword` makes one.
 */
export type EnteredPassword = { readonly password: Password; readonly sent: string }

/** The maximum length of a password in code points. Longer ones are refused, never truncated (REQ-33). */
export const maxPasswordLength = 256

/** The length of a password: code points, not UTF-16 code units (NIST SP 800-63B-4 section 3.1.1.2). */
export const codePoints = (text: string): number => [...text].length

/**
 * Reads a password as it was sent, apart from NFC (RFC 8265 section 4.2, OpaqueString): no trimming, folding or truncating.
 * Undefined for one that is empty, longer than 256 code points, or contains NUL (scrypt and PBKDF2 treat "x" and "x\0"
 * as the same password) or a lone surrogate.
 */
export function readPassword(sent: string): Password | undefined {
  if (sent.length > 4 * maxPasswordLength || !sent.isWellFormed() || sent.includes('\0')) return undefined
  const password = sent.normalize('NFC')
  const length = codePoints(password)
  return length >= 1 && length <= maxPasswordLength ? (password as Password) : undefined
}

/** Reads a password like `readPassword`, and keeps what was sent. */
export function readEnteredPassword(sent: string): EnteredPassword | undefined {
  const password = readPassword(sent)
  return password === undefined ? undefined : { password, sent }
}
