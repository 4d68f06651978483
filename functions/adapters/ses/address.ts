/** One address and nothing else: no display name, list, comment, quotes, encoded word or line break. */
export const isBareAddress = (text: string): boolean =>
  /^[^\s\p{C}<>()[\]\\,;:"@?]+@[^\s\p{C}<>()[\]\\,;:"@?]+$/u.test(text)

/** A sender with a name that a person reads, in the form of RFC 5322 section 3.4, all of it ASCII as SES wants it. */
export function formatSender(address: string, name: string | undefined): string {
  if (!name) return address
  return `${/^[\x20-\x7e]+$/.test(name) && !/["\\<>]/.test(name) ? `"${name}"` : encodeWords(name)} <${address}>`
}

// An encoded word has at most 75 characters (RFC 2047 section 2), so it holds 45 bytes, and no half character (section 5).
const bytesOfWord = 45

function encodeWords(text: string): string {
  const words = ['']
  for (const character of text) {
    const longer = `${words.at(-1)}${character}`
    if (Buffer.byteLength(longer) <= bytesOfWord) words[words.length - 1] = longer
    else words.push(character)
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ')
}
