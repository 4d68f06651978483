// A string of a JSON text, and the colon that makes it a member's name.
const stringToken = /"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)/g

function countNames(text: string): number {
  let names = 0
  for (const token of text.matchAll(stringToken)) if (token[1]) names += 1
  return names
}

// A loop, since recursion would let deep nesting exhaust the stack.
function countMembers(value: unknown): number {
  let members = 0
  const unread = [value]
  while (unread.length > 0) {
    const next = unread.pop()
    if (typeof next !== 'object' || next === null) continue
    const inner: unknown[] = Object.values(next)
    if (!Array.isArray(next)) members += inner.length
    unread.push(...inner)
  }
  return members
}

/**
 * Parses JSON (RFC 8259) and refuses what JSON.parse accepts: duplicate keys in one object, of which two readers could
 * each take another. The caller limits the length of the text.
 * @throws SyntaxError for text that is not JSON or has duplicate keys.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (countMembers(value) !== countNames(text)) throw new SyntaxError('A key is duplicated.')
  return value
}
