import { createCookieJar } from './cookie-jar.ts'

type Fields = Readonly<Record<string, string>>

/** A form of a page: what stands in its fields, and the values that its buttons may add. */
type Form = {
  readonly method: string
  readonly action: string
  readonly fields: Fields
  readonly buttons: readonly (readonly [name: string, value: string])[]
}

/** What a browser shows: a page of the service, or the address of a client that it was sent to, with a form or without. */
export type Shown = {
  readonly url: string
  /** 0 at a client. */
  readonly status: number
  readonly text: string
  /** The text of the first heading. */
  readonly heading: string
  readonly forms: readonly Form[]
  readonly posted?: Fields
}

type Sent = { readonly site: 'same-origin' | 'cross-site'; readonly form?: Fields }

/**
 * A browser over HTTP, without scripts: it keeps cookies, follows the redirects of the service, and sends its forms as they
 * stand in its pages. It goes no further than to a client.
 */
export function openWebBrowser(
  service: string,
  fetchService: (url: string, init: RequestInit) => Promise<Response> = fetch,
) {
  const jar = createCookieJar(service)

  const go = async (url: string, { site, form }: Sent): Promise<Shown> => {
    if (new URL(url).origin !== service) return atClient(url, form)
    const method = form ? 'POST' : 'GET'
    const response = await fetchService(url, {
      method,
      redirect: 'manual',
      headers: { cookie: jar.cookiesFor({ method, site }), 'sec-fetch-site': site },
      ...(form && { body: new URLSearchParams(form) }),
    })
    jar.keep(response.headers.getSetCookie())
    const location = response.headers.get('location')
    if (location === null) return readPage(url, response.status, await response.text())
    // After any other redirect than this one a browser may send the password on.
    if (response.status !== 303) throw new Error(`A redirect by ${response.status} to ${location}.`)
    return go(new URL(location, url).href, { site })
  }

  /** Sends the form that has these fields, with what stands in the others. */
  const send = async (page: Shown, typed: Fields): Promise<Shown> => {
    const form = page.forms.find((each) => Object.entries(typed).every((pair) => canSend(each, pair)))
    if (!form) throw new Error(`No form takes ${Object.keys(typed)} at ${page.url}: ${page.status} ${page.heading}`)
    if (form.method !== 'post') throw new Error(`A form would put ${Object.keys(typed)} into an address.`)
    const target = new URL(form.action, page.url).href
    return go(target, { site: 'same-origin', form: { ...form.fields, ...typed } })
  }

  return {
    /** Follows a link of another site. */
    load: (url: string | URL) => go(String(url), { site: 'cross-site' }),
    /** Sends a form of another site. */
    post: (url: string | URL, form: Fields) => go(String(url), { site: 'cross-site', form }),
    send,
    signIn: (page: Shown, { username, password }: { readonly username: string; readonly password: string }) =>
      send(page, { username, password }),
    allow: (page: Shown) => send(page, { decision: 'allow' }),
    deny: (page: Shown) => send(page, { decision: 'deny' }),
    /** Presses the only button of a page that asks for nothing. */
    goOn: (page: Shown) => send(page, {}),
  }
}

const atClient = (url: string, posted: Fields | undefined): Shown => ({
  ...{ url, status: 0, text: '', heading: '', forms: [] },
  ...(posted && { posted }),
})

const canSend = ({ fields, buttons }: Form, [name, value]: readonly [string, string]): boolean =>
  name in fields || buttons.some((button) => button[0] === name && button[1] === value)

function readPage(url: string, status: number, text: string): Shown {
  const [, heading = ''] = /<h1>(.*?)<\/h1>/.exec(text.replaceAll(/<\/?bdi>/g, '')) ?? []
  const forms = [...text.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].map(([, tag = '', inner = '']) => ({
    method: attributeOf(tag, 'method') ?? 'get',
    action: attributeOf(tag, 'action') ?? url,
    fields: Object.fromEntries(namedIn(inner, 'input')),
    buttons: namedIn(inner, 'button'),
  }))
  return { url, status, text, heading: unescaped(heading), forms }
}

const namedIn = (html: string, element: 'input' | 'button'): readonly (readonly [string, string])[] =>
  [...html.matchAll(new RegExp(`<${element} ([^>]*)>`, 'g'))].flatMap(([, tag = '']) => {
    const name = attributeOf(tag, 'name')
    return name === undefined ? [] : [[name, attributeOf(tag, 'value') ?? ''] as const]
  })

function attributeOf(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag) ?? []
  return value === undefined ? undefined : unescaped(value)
}

const entities: Fields = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const unescaped = (html: string): string => html.replace(/&([a-z]+|#39);/g, (whole, name) => entities[name] ?? whole)

type FetchOptions = Omit<RequestInit, 'body'> & { readonly body?: RequestInit['body'] | undefined }

/** A fetch that finds the host of an origin at another address, as a resolver of names would. */
export const fetchAt =
  (origin: string, address: string) =>
  (url: string | URL, { body = null, ...options }: FetchOptions = {}): Promise<Response> =>
    fetch(String(url).replace(origin, address), { ...options, body })
