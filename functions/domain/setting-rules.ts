/** An inclusive range of integers. */
export type Range = { readonly min: number; readonly max: number }

const year = 365 * 86_400

// What numbers the settings allow, times in seconds; the same for settings, variables and docs. Each is an export of its
// own, so that a bundle carries only those that it uses.
export const accessTokenLifetime: Range = { min: 60, max: 3600 }
export const refreshGrace: Range = { min: 0, max: 3600 }
export const sessionIdleLimit: Range = { min: 60, max: year }
export const sessionLimit: Range = { min: 60, max: year }
export const sessionsPerUser: Range = { min: 1, max: 200 }
export const minimumPasswordLength: Range = { min: 8, max: 256 }
export const accountFailures: Range = { min: 0, max: 50 }
export const addressFailures: Range = { min: 0, max: 1_000_000 }

/**
 * Where a proxy of the owner's, such as CloudFront, says who called it. The header counts only in a request that also has
 * the proxy's secret in `secretHeader`; `secretHash` is the SHA-256 of the secret, in hex.
 */
export type ViewerAddress = { readonly header: string; readonly secretHeader: string; readonly secretHash: string }

/** Whether accounts may, or must, have a second factor. With `off` nothing can be enrolled. */
export const secondFactorPolicies = ['off', 'optional', 'required'] as const
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number]

/** What text and buttons of the pages lie on, which the accent must be read on. */
export const cardColors = { light: '#ffffff', dark: '#1c1c1f' } as const

/** The accent of the pages, of links and buttons, and the text on it. */
export type Accent = {
  readonly light: string
  readonly onLight: string
  readonly dark: string
  readonly onDark: string
}

/** A `refreshGrace` that ends when the successor is used, however long that takes. */
export const untilUsed = 'until-used'

/** An absolute https URL without query, fragment or trailing slash; http only for a loopback host (RFC 8414 section 2). */
export function isIssuerUrl(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && isSecureUrl(url) && !url.username && !url.password && !/[?#\s]|\/$/.test(value)
}

/** https, or http to a loopback host. */
export function isSecureUrl({ protocol, hostname }: URL): boolean {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}
