import { fold } from '../fold.ts'

const maxBytes = 256

// Letters that cannot be seen, half characters and every kind of control or white space; one space may stand between words.
const refused = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )[\p{Z}\s]|^ | $| {2}/u

/**
 * The one form of a name in which it is looked up, kept unique, counted and logged: folded, 1 to 256 bytes of UTF-8.
 * Undefined for anything that cannot be a name: empty or too long, control, format and unassigned characters, lone
 * surrogates, a space at either end or two in a row.
 */
export function canonicalUsername(typed: string): string | undefined {
  if (typed.length > 4 * maxBytes) return undefined
  const name = fold(typed)
  const bytes = Buffer.byteLength(name)
  return bytes >= 1 && bytes <= maxBytes && !refused.test(name) ? name : undefined
}
