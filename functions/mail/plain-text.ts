const unseen = /<!--[\s\S]*?-->|<(head|style|script|title)\b[^<>]*>[\s\S]*?<\/\1\s*>/gi
const lineEnds = /<(?:br|hr|\/(?:p|div|h[1-6]|li|tr|table|ul|ol|blockquote|pre))\b[^<>]*>/gi
const tags = /<\/?[a-z!][^<>]*>/gi

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/**
 * The words of an HTML mail, for those who read only plain text. It is meant for mails, which are simple: what it does not
 * know, it leaves as it is.
 */
export function plainTextOf(html: string): string {
  const words = html
    .replace(unseen, '')
    .replace(/\s+/g, ' ')
    .replace(lineEnds, '\n')
    .replace(tags, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, readEntity)
  const lines = words.split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

function readEntity(entity: string, decimal?: string, hexadecimal?: string, name = ''): string {
  if (name !== '') return entities[name.toLowerCase()] ?? entity
  const number = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  const isCharacter = number >= 0x20 && number <= 0x10_ff_ff && !(number >= 0xd8_00 && number <= 0xdf_ff)
  return isCharacter ? String.fromCodePoint(number) : entity
}
