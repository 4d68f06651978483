// In the order of crypt(3), which differs from base64.
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The value of one character of crypt(3)'s base 64; -1 for another character. */
export const valueOf64 = (character: string): number => (character === '' ? -1 : alphabet.indexOf(character))

/** The lowest `length` six-bit digits of a number, the lowest first, as crypt(3) writes them. */
export const to64 = (value: number, length: number): string =>
  Array.from({ length }, (_, index) => alphabet[(value >>> (6 * index)) & 63]).join('')
