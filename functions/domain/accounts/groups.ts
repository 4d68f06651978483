// Those of a scope token (RFC 6749 section 3.3) but for the comma, so that names can be listed wherever scopes are. A single
// dash stands for an empty list there.
const groupName = /^(?!-$)[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,128}$/

// All of them stand in each access token, and in what a gateway passes on of it.
const maxGroups = 50
const maxLength = 1000

/** What groups may be, for messages. */
export const allowedGroups =
  'up to 50 names of 1 to 128 printable ASCII characters without spaces, double quotes, commas or backslashes, 1,000 ' +
  'characters in all'

/**
 * The groups of an account: a list, or a string with single spaces between the names. In the order given, without
 * duplicates; undefined where one is malformed, or there are too many. An empty string has none.
 */
export function readGroups(names: string | readonly string[]): readonly string[] | undefined {
  const groups = [...new Set(typeof names === 'string' ? namesIn(names) : names)]
  const isAllowed = groups.length <= maxGroups && groups.join(' ').length <= maxLength
  return isAllowed && groups.every((name) => groupName.test(name)) ? groups : undefined
}

const namesIn = (text: string): readonly string[] => (text === '' ? [] : text.split(' '))
