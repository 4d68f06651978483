/**
 * Whose URLs may be client ids: those of these hosts, all where one of the words is `all`, and none where the list is empty.
 */
export type ClientHosts = readonly string[]

// A host with a dot and a last label that is no number, so neither an address nor a name of a private network.
const form = /^https:\/\/((?:[a-z0-9-]{1,63}\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9]))(?::443)?\/[!-~]+$/

// What every key of the table has room for.
const maxLength = 512

/**
 * Whether a client id is the URL of a metadata document, as draft-ietf-oauth-client-id-metadata-document section 3 has it:
 * https, with a path, without fragment, credentials, another port or dot segments, and spelt as URL parsers spell it.
 */
export function isClientUrl(id: string): boolean {
  if (id.length > maxLength || !form.test(id) || id.includes('#')) return false
  return URL.parse(id)?.href === id.replace(/^(https:\/\/[^/]*):443\//, '$1/')
}

/** Whether this URL may be a client id here, or what such a client's document names. */
export const isAllowedUrl = (id: string, hosts: ClientHosts): boolean =>
  isClientUrl(id) && (hosts.includes('all') || hosts.includes(hostOfClient(id)))

/** The host of a client id that is a URL: what people are told before its document has been read, and after. */
export const hostOfClient = (id: string): string => new URL(id).hostname
