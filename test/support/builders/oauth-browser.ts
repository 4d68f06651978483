import { newPkce, type OAuthService } from './oauth-service.ts'

/** `resource` is what it always asks for. */
type Client = Awaited<ReturnType<OAuthService['putClient']>> & { readonly resource?: string }
type Parameters = Readonly<Record<string, string>>

/** A browser: it keeps cookies, follows redirects of ours, and sends our forms with what is in them. */
export function openBrowser(service: Pick<OAuthService, 'call' | 'username' | 'password'>) {
  const jar = new Map<string, string>()
  const go = async (method: 'GET' | 'POST', target: string, form?: Parameters, headers: Parameters = {}) => {
    const [path = '', query = ''] = target.split('?')
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`)
    const sent = { 'sec-fetch-site': method === 'POST' ? 'same-origin' : 'none', ...headers }
    const answer = await service.call(`${method} ${path}`, { query, cookies, headers: sent, ...(form && { form }) })
    for (const cookie of answer.cookies) keep(jar, cookie)
    return { ...answer, location: answer.headers['location'] ?? '', fields: fieldsOf(answer.text) }
  }
  const follow = async (answer: Awaited<ReturnType<typeof go>>): ReturnType<typeof go> =>
    answer.location.startsWith('/') ? follow(await go('GET', answer.location)) : answer

  return {
    jar,
    go,
    follow,
    /** What a script of our pages sends and gets. */
    send: async (path: string, json: object, headers: Parameters = {}) => {
      const cookies = [...jar].map(([name, value]) => `${name}=${value}`)
      const sent = { 'sec-fetch-site': 'same-origin', ...headers }
      const answer = await service.call(`POST ${path}`, { json, cookies, headers: sent })
      for (const cookie of answer.cookies) keep(jar, cookie)
      return { status: answer.status, json: JSON.parse(answer.text) as Readonly<Record<string, unknown>> }
    },
    /** Goes to /authorize, as the client asks. */
    authorize: async (client: Client, parameters: Parameters = {}) => {
      const { verifier, challenge } = newPkce()
      const query = new URLSearchParams({
        ...{ client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', scope: 'openid' },
        ...{ code_challenge: challenge, code_challenge_method: 'S256' },
        ...(client.resource !== undefined && { resource: client.resource }),
        ...parameters,
      })
      return { verifier, page: await follow(await go('GET', `/authorize?${query}`)) }
    },
    /** Sends the form of the sign-in page. */
    signIn: async (page: { readonly fields: Parameters }, username = service.username, password = service.password) =>
      follow(await go('POST', '/sign-in', { ...page.fields, username, password })),
    /** Sends the form of the consent page. */
    decide: async (page: { readonly fields: Parameters }, decision: 'allow' | 'deny') =>
      follow(await go('POST', '/consent', { ...page.fields, decision })),
  }
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';')
  const name = pair.slice(0, pair.indexOf('='))
  if (cookie.includes('Max-Age=0')) jar.delete(name)
  else jar.set(name, pair.slice(name.length + 1))
}

const fieldsOf = (html: string): Parameters =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )

/** The parameters of the response that a client gets. */
export const responseIn = ({ location }: { readonly location: string }): Parameters =>
  Object.fromEntries(new URL(location).searchParams)

/** Redeems a code, and what `/token` answers. */
export async function redeem(service: OAuthService, client: Client, parameters: Parameters) {
  const secret = client.secret === undefined ? {} : { client_secret: client.secret }
  const base = { grant_type: 'authorization_code', client_id: client.id, redirect_uri: client.redirectUri, ...secret }
  const { status, text } = await service.call('POST /token', { form: { ...base, ...parameters } })
  return { status, json: JSON.parse(text) }
}

/** Signs in in a browser and redeems the code. */
export async function signInTo(
  service: OAuthService,
  client: Client,
  parameters: Parameters = {},
  browser = openBrowser(service),
) {
  const { verifier, page } = await browser.authorize(client, parameters)
  const signedIn =
    page.fields['flow'] !== undefined && page.text.includes('name="password"') ? await browser.signIn(page) : page
  const allowed = signedIn.text.includes('value="allow"') ? await browser.decide(signedIn, 'allow') : signedIn
  const { code = '' } = responseIn(allowed)
  const { status, json } = await redeem(service, client, { code, code_verifier: verifier })
  return { browser, code, verifier, status, json }
}

export const refresh = async (service: OAuthService, client: Client, refreshToken: string, more: Parameters = {}) => {
  const secret = client.secret === undefined ? {} : { client_secret: client.secret }
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: client.id, ...secret, ...more }
  const { status, text } = await service.call('POST /token', { form })
  return { status, json: JSON.parse(text) }
}
