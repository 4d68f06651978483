// RFC 6749 section 3.3: printable ASCII without space, quote and backslash.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scope's words in the order given, without repeats; undefined if one is no scope-token. An empty text has none. */
export function readScope(text: string): readonly string[] | undefined {
  if (text === '') return []
  const tokens = text.split(' ')
  return tokens.every((token) => scopeToken.test(token)) ? [...new Set(tokens)] : undefined
}

/** How a scope stands in a claim and an answer: its words with single spaces between (RFC 6749 section 3.3). */
export const formatScope = (scope: readonly string[]): string => scope.join(' ')

/**
 * The one rule of what is granted: what the account has, within every other limit (service, session, client), and of
 * that only what was asked for; all of it if nothing was. The response's `scope` says which.
 */
export const grantScope = (
  asked: readonly string[] | undefined,
  account: readonly string[],
  ...limits: readonly (readonly string[])[]
): readonly string[] => account.filter((token) => [asked ?? account, ...limits].every((limit) => limit.includes(token)))
