// RFC 6749 section 3.3: printable ASCII without space, quote and backslash.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The scope tokens in the order given, without duplicates; undefined if one is malformed. An empty string has none. */
export function readScope(text: string): readonly string[] | undefined {
  if (text === '') return []
  const tokens = text.split(' ')
  return tokens.every((token) => scopeToken.test(token)) ? [...new Set(tokens)] : undefined
}

/** A scope as a claim or a response member: tokens separated by single spaces (RFC 6749 section 3.3). */
export const formatScope = (scope: readonly string[]): string => scope.join(' ')

/** What a client of the code flow may ask for without an administrator: about who signed in, and for how long. */
export const identityScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access']

/** A limit of the service, a client or an account, for the code flow. */
export const withIdentity = (scope: readonly string[]): readonly string[] => [...new Set([...identityScopes, ...scope])]

/**
 * The one rule of what is granted: the account's scope within every other limit (service, session, client), reduced to
 * what was asked for, if anything was. The `scope` of the response states the result.
 */
export const grantScope = (
  asked: readonly string[] | undefined,
  account: readonly string[],
  ...limits: readonly (readonly string[])[]
): readonly string[] => account.filter((token) => [asked ?? account, ...limits].every((limit) => limit.includes(token)))
