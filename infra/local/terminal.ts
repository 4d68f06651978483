/** A value as one word of a command for a POSIX shell, so that a suggestion can be pasted, whatever the value is. */
export const quoteForShell = (value: string): string =>
  /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`

// Control characters except tab and line feed, and those that reorder or hide text.
const unprintable = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text of others, without what could steer a terminal: such characters are shown as escapes of JSON. */
export const printable = (text: string): string =>
  text.replace(unprintable, (found) =>
    Array.from({ length: found.length }, (_, index) => escapeOf(found.charCodeAt(index))).join(''),
  )

const escapeOf = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`
