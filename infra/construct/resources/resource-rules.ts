import { Token } from 'aws-cdk-lib/core'
import { isSecureUrl } from '../../../functions/domain/setting-rules.ts'

/**
 * Whether tokens can be for this URL (RFC 8707 section 2). It stands in headers and in lists, so it has no quotes, commas and
 * spaces. A value that CloudFormation produces at deploy cannot be read here; the functions check it again at load.
 */
export function isResourceUrl(text: string): boolean {
  if (Token.isUnresolved(text)) return true
  const url = URL.parse(text)
  return url !== null && isSecureUrl(url) && !url.username && !url.password && /^[^?#'",\\\s]{1,256}$/.test(text)
}

export const allowedResources =
  'at most 20 different https URLs (http only for localhost) without query, fragment, user, quote, comma or space, or ' +
  'objects of such a url and its scopes; 1,000 characters in all'

/** Whether two resources are the same: an empty path is a slash. */
export const isSameUrl = (one: string, other: string): boolean =>
  one === other || (URL.canParse(one) && URL.parse(one)?.href === URL.parse(other)?.href)
