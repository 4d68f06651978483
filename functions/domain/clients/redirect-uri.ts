// RFC 8252 section 7.3: host, then what follows the port. `localhost` too, because clients of the Model Context Protocol
// use it.
const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?((?:[/?].*)?)$/

// RFC 8252 section 7.1: a domain name in reverse order, so no `javascript:` and no scheme that others share.
const privateScheme = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:\/(?!\/)/

const maxLength = 1000

/** What a redirect URI of a client may be, for an error message. */
export const allowedRedirectUri =
  'an https URL, an http URL of localhost, 127.0.0.1 or [::1], or a private-use URI such as com.example.app:/callback; ' +
  'spelt as URL parsers do (lower-case host, no default port), without fragment, user or password, of at most 1,000 ' +
  'characters'

/**
 * Whether a client may be registered with this redirect URI (RFC 9700 section 2.1). It must be spelt as URL parsers spell
 * it, because it is compared as a string: no two spellings of one address.
 */
export function isRedirectUri(text: string): boolean {
  const url = text.length <= maxLength && !text.includes('#') ? URL.parse(text) : null
  if (url === null || url.username !== '' || url.password !== '') return false
  if (url.href !== text && url.href !== `${text}/`) return false
  return url.protocol === 'https:' || isLoopback(text) || isPrivateScheme(text)
}

/** Whether a redirect URI leads to a program on the user's machine, which any other program there may stand in for. */
export const isLoopback = (uri: string): boolean => loopback.test(uri)

/** Whether it leads to an app by a scheme that any other app may claim (RFC 8252 section 8.6). */
export const isPrivateScheme = (uri: string): boolean => privateScheme.test(uri)

/**
 * Whether a request names one of the registered redirect URIs: the same string (RFC 9700 section 4.1.3), but for the port
 * of a loopback address, which an app gets from its system (RFC 8252 section 7.3).
 */
export const isRegistered = (registered: readonly string[], asked: string): boolean =>
  registered.some((uri) => uri === asked || isSameLoopback(uri, asked))

function isSameLoopback(registered: string, asked: string): boolean {
  const [ours, theirs] = [loopback.exec(registered), loopback.exec(asked)]
  return ours !== null && theirs !== null && ours[1] === theirs[1] && ours[2] === theirs[2] && isRedirectUri(asked)
}
