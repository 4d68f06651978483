// RFC 6749 section 3.3: printable ASCII without space, quote and backslash.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scope's words in the order given, without repeats; undefined if one is no scope-token. An empty text has none. */
export function readScope(text: string): readonly string[] | undefined {
  if (text === '') return []
  const tokens = text.split(' ')
  return tokens.every((token) => scopeToken.test(token)) ? [...new Set(tokens)] : undefined
}

/** How a scope stands in a claim and an answer: its words with single spaces between (RFC 6749 section 3.3). */
export const scopeText = (scope: readonly string[]): string => scope.join(' ')

/** What of the asked-for scope is granted; all of it where nothing was asked for. The answer's `scope` tells which. */
export const grantScope = (grantable: readonly string[], asked: readonly string[] | undefined): readonly string[] =>
  asked === undefined ? grantable : grantable.filter((token) => asked.includes(token))
