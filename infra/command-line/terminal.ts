/** A value as one word of a command for a POSIX shell, so that a suggestion can be pasted, whatever the value is. */
export const quoteForShell = (value: string): string =>
  /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`

// Control characters, and those that reorder or hide text.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
const unprintableInText = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text of others, without what could steer a terminal: such characters are shown as escapes of JSON. */
export const printable = (text: string): string => text.replace(unprintableInText, escapesOf)

/** Like `printable`, for a part of a line: tabs and line feeds are escapes too. */
export const printableInLine = (text: string): string => text.replace(unprintable, escapesOf)

const escapesOf = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => escapeOf(text.charCodeAt(index))).join('')

const escapeOf = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`
