/**
 * Text in the one form in which it is compared: NFKC, lower case, NFKC again (close to UsernameCaseMapped of RFC 8265
 * section 3.3, with widths and ligatures folded too). Full-width "ＡＤＡ" and the Kelvin sign fold onto their plain
 * letters; a dotless ı stays a letter of its own.
 */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC')

const maxTypedLength = 64

/**
 * Reads a code of so many digits as people type it: spaces and dashes anywhere, full-width digits. Undefined for everything
 * else, digits of other scripts included.
 */
export function readDigits(typed: string, count: number): string | undefined {
  if (typed.length > maxTypedLength) return undefined
  const digits = fold(typed).replace(/[\s\p{Pd}]/gu, '')
  return digits.length === count && /^\d+$/.test(digits) ? digits : undefined
}
