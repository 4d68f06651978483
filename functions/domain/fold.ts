/**
 * Text in the one form in which it is compared: NFKC, lower case, NFKC again (close to UsernameCaseMapped of RFC 8265
 * section 3.3, with widths and ligatures folded too). Full-width "ＡＤＡ" and the Kelvin sign fold onto their plain
 * letters; a dotless ı stays a letter of its own.
 */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC')
