/** A password as it is hashed: normalised, checked for what no password may hold. Made by `readPassword` alone. */
export type Password = string & { readonly kind: 'password' }

/** The most code points of a password. Longer is refused and never cut (REQ-33). */
export const longestPassword = 256

/** How many characters a password has: code points, not UTF-16 halves (NIST SP 800-63B-4 section 3.1.1.2). */
export const codePoints = (text: string): number => [...text].length

/**
 * Takes a password as it was sent, but for NFC (RFC 8265 section 4.2, OpaqueString): no trimming, folding or cutting.
 * Gives undefined for one that is empty, longer than 256 code points, or holds NUL (scrypt and PBKDF2 take "x" and
 * "x\0" for one password) or half a surrogate pair.
 */
export function readPassword(sent: string): Password | undefined {
  if (sent.length > 4 * longestPassword || !sent.isWellFormed() || sent.includes('\0')) return undefined
  const password = sent.normalize('NFC')
  const length = codePoints(password)
  return length >= 1 && length <= longestPassword ? (password as Password) : undefined
}
