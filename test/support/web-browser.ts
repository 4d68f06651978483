type Fields = Readonly<Record<string, string>>

/** What a browser shows: a page of the service, or the address of a client that it was sent to. */
export type Shown = {
  readonly url: string
  readonly status: number
  readonly text: string
  /** The hidden fields of the form. */
  readonly fields: Fields
}

/** A browser over HTTP: it keeps cookies, follows the redirects of the service, and sends its forms. */
export function openWebBrowser(service: string) {
  const jar = new Map<string, string>()

  const load = async (url: string, init: RequestInit = {}): Promise<Shown> => {
    if (new URL(url).origin !== service) return { url, status: 0, text: '', fields: {} }
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } })
    for (const set of response.headers.getSetCookie()) keep(jar, set)
    const location = response.headers.get('location')
    if (location !== null) return load(new URL(location, url).href)
    const text = await response.text()
    return { url, status: response.status, text, fields: fieldsOf(text) }
  }
  const send = (path: string, form: Fields) =>
    load(service + path, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(form),
    })

  return {
    load: (url: string | URL) => load(String(url)),
    /** A form of another site. */
    post: (url: string | URL, form: Fields) =>
      load(String(url), {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
        body: new URLSearchParams(form),
      }),
    signIn: (page: Shown, user: { readonly username: string; readonly password: string }) =>
      send('/sign-in', { ...page.fields, ...user }),
    allow: (page: Shown) => send('/consent', { ...page.fields, decision: 'allow' }),
    confirmLogOut: () => send('/logout/confirm', {}),
  }
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';')
  const name = pair.slice(0, pair.indexOf('='))
  if (cookie.includes('Max-Age=0')) jar.delete(name)
  else jar.set(name, pair.slice(name.length + 1))
}

const fieldsOf = (html: string): Fields =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
