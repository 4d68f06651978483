import { domainToASCII, domainToUnicode } from 'node:url'
import { fold } from '../fold.ts'

/** An identifier with an `@` is an e-mail address, any other is a name. */
export type IdentifierKind = 'name' | 'email'

export const kindOf = (identifier: string): IdentifierKind => (identifier.includes('@') ? 'email' : 'name')

const maxBytes = 256

const blanksAround = /^[ \t\r\n]+|[ \t\r\n]+$/g

// Invisible characters, lone surrogates, control characters and white space; single spaces between words are fine.
const refused = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )[\p{Z}\s]| {2}/u

/**
 * The canonical form of an identifier, in which it is looked up, kept unique, counted and logged: folded, 1 to 256 bytes
 * of UTF-8, the domain of an address in ASCII (RFC 5890). Undefined for what cannot be an identifier: empty or too long,
 * control, format or unassigned characters, lone surrogates, two spaces in a row, no valid domain. Spaces and line ends
 * around it are left out: people paste them.
 */
export function canonicalIdentifier(typed: string): string | undefined {
  if (typed.length > 4 * maxBytes) return undefined
  const folded = fold(typed).replace(blanksAround, '')
  // Before the conversion, which drops some of these characters.
  if (refused.test(folded)) return undefined
  const identifier = withAsciiDomain(folded)
  const bytes = Buffer.byteLength(identifier)
  return bytes >= 1 && bytes <= maxBytes ? identifier : undefined
}

// Plain ASCII stays as it is: the conversion would also rewrite numbers and percent signs. A bad domain leaves nothing.
// The conversion is made for URLs: it ends at "/", "?", "#" and "\", and decodes "%61". What does not convert back to the
// domain is refused, so that no two addresses become one. "。" is a dot (UTS #46 section 2.3).
function withAsciiDomain(identifier: string): string {
  const at = identifier.lastIndexOf('@')
  const domain = identifier.slice(at + 1)
  if (at < 0 || /^\p{ASCII}*$/u.test(domain)) return identifier
  const ascii = domainToASCII(domain)
  const isWhole = fold(domainToUnicode(ascii)) === domain.replaceAll('。', '.')
  return isWhole ? `${identifier.slice(0, at)}@${ascii}` : ''
}
