const maxLength = 100

/**
 * Text from outside as one short line: control, format and bidirectional characters and lone surrogates are left out,
 * line ends and other white space become one space, and what is longer than 100 characters is cut. So nobody ends a
 * header, turns the direction of the sentence around, or writes a letter of their own into a mail of ours.
 */
export function cleanLine(text: string): string {
  const line = text
    .slice(0, 20 * maxLength)
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim()
  const characters = [...line]
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, between tags and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
