import type { Handler } from '../http/api/endpoint.ts'

/** The picture in base64, and its type. */
type Logo = { readonly base64: string; readonly type: string }

/**
 * GET /logo: the owner's logo, for our pages. An SVG that is opened by itself is a document of this host, so it may run and
 * load nothing (`sandbox` gives it an origin of its own).
 */
export const createLogoHandler =
  ({ base64, type }: Logo): Handler =>
  async () => ({
    status: 200,
    page: base64,
    headers: {
      'content-type': type,
      'cache-control': 'public, max-age=3600',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
    audit: { event: 'logo_read', outcome: 'success' },
  })
