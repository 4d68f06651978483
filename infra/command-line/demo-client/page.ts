import { createHash } from 'node:crypto'
import { type Html, html, trusted } from '../html.ts'
import type { SignedIn } from './sign-ins.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --quiet: #555c66; --link: #0b57d0 }
@media (prefers-color-scheme: dark) { :root { --quiet: #a6adb8; --link: #8ab4f8 } }
body { max-width: 40rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 }
dt { color: var(--quiet) }
dd { margin: 0; min-width: 0 }
a { color: var(--link) }
`

export const demoPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Shown = { readonly issuer: string; readonly home: string; readonly signedIn: SignedIn }

/** What a client learns of a sign-in, with a link to sign out. */
export function signedInPage({ issuer, home, signedIn: { claims, user, idToken } }: Shown): string {
  const signOut = `${issuer}/logout?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: `${home}signed-out` })}`
  return page(
    'You are signed in',
    html`<h2>ID token</h2>${list(claims)}
<h2>/userinfo</h2>${list(user)}
<p><a href="${home}">Sign in again</a> · <a href="${signOut}">Sign out</a></p>`,
  )
}

export const signedOutPage = (home: string): string =>
  page('You are signed out', html`<p><a href="${home}">Sign in again</a></p>`)

export const failurePage = (home: string, message: string): string =>
  page('The sign-in did not succeed', html`<p>${message}</p><p><a href="${home}">Try again</a></p>`)

const list = (members: Readonly<Record<string, unknown>>): Html => {
  const rows = Object.entries(members).map(([name, value]) => html`<dt>${name}</dt><dd>${JSON.stringify(value)}</dd>`)
  return html`<dl>${rows}</dl>`
}

const page = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
<h1>${title}</h1>
${body}
</html>
`.markup
