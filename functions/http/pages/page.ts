import { createHash } from 'node:crypto'
import type { ApiResponse, Audit } from '../api/response.ts'
import { literal, type Markup, markup } from './parts/html.ts'
import { type Look, styleOf } from './parts/style.ts'
import type { Texts } from './texts/texts.ts'

/** What all pages of a service share. */
export type PageContext = { readonly texts: Texts; readonly serviceName: string; readonly look: Look }

/** A page of ours. Its scripts are ours too, and run only with their hash. */
export type Page = {
  readonly title: string
  /** What stands over the body. @default the title */
  readonly heading?: Markup
  readonly body: Markup
  readonly script?: string
  /** Whether what it posts may end at a client: browsers hold `form-action` against the whole chain of redirects. */
  readonly endsAtClient?: boolean
}

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const policyOf = ({ look }: PageContext, { script, endsAtClient = false }: Page): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(styleOf(look.accent))}`,
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`, "connect-src 'self'"]),
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(endsAtClient ? [] : ["form-action 'self'"]),
  ].join('; ')

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  // With no-referrer the form of a page would be sent with `Origin: null`.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

const document = ({ texts, serviceName, look }: PageContext, { title, heading, body, script }: Page): string =>
  markup`<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title} · ${serviceName}</title>
<style>${literal(styleOf(look.accent))}</style>
</head>
<body>
<main>
<header>${look.hasLogo ? markup`<img src="/logo" alt="${serviceName}">` : serviceName}</header>
<section>
<h1>${heading ?? title}</h1>
${body}
</section>
</main>
${script === undefined ? '' : markup`<script>${literal(script)}</script>`}
</body>
</html>
`.toString()

type Given = Pick<ApiResponse, 'cookies' | 'headers'> & { readonly status?: number; readonly audit: Audit }

/** The response with a page. */
export const pageResponse = (
  context: PageContext,
  page: Page,
  { status = 200, headers, cookies, audit }: Given,
): ApiResponse => ({
  status,
  page: document(context, page),
  headers: { ...pageHeaders, 'content-security-policy': policyOf(context, page), ...headers },
  ...(cookies && { cookies }),
  audit,
})

/** Goes on to another page. 303 makes it a GET, so that no password is sent on (RFC 9700 section 4.12). */
export const redirect = (location: string, audit: Audit, cookies: readonly string[] = []): ApiResponse => ({
  status: 303,
  headers: { location, 'referrer-policy': 'same-origin' },
  cookies,
  audit,
})
