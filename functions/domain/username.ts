const mostBytes = 256

// Letters that cannot be seen, half characters and every kind of control or white space; one space may stand between words.
const refused = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )[\p{Z}\s]|^ | $| {2}/u

/**
 * The one form of a name in which it is looked up, kept unique, counted and logged: NFKC, lower case, NFKC again
 * (close to UsernameCaseMapped of RFC 8265 section 3.3, with widths and ligatures folded too), 1 to 256 bytes of UTF-8.
 * Full-width "ＡＤＡ" and the Kelvin sign fold onto their plain letters; a dotless ı stays a letter of its own.
 * Gives undefined for what can be no name: empty or too long, control, format and unassigned characters, lone
 * surrogates, spaces at an end or two in a row.
 */
export function canonicalUsername(typed: string): string | undefined {
  if (typed.length > 4 * mostBytes) return undefined
  const name = typed.normalize('NFKC').toLowerCase().normalize('NFKC')
  const bytes = Buffer.byteLength(name)
  return bytes >= 1 && bytes <= mostBytes && !refused.test(name) ? name : undefined
}
