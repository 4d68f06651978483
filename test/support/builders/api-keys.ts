import { decodeJwt } from 'jose'
import type { OAuthService } from './oauth-service.ts'

type Asked = {
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** The owner of an account of a service, with a log-in of this moment, as somebody who manages API keys. */
export async function createKeyOwner(service: OAuthService) {
  const token = await logIn(service)
  return { token, ...requestsOf(service, token) }
}

export async function logIn(service: OAuthService): Promise<string> {
  const { username, password } = service
  const { status, text } = await service.call('POST /login', { json: { username, password } })
  if (status !== 200) throw new Error(text)
  return JSON.parse(text).access_token
}

/** What can be asked with an access token. */
export function requestsOf(service: OAuthService, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const send = async (route: string, more: object = {}) => {
    const { status, text, headers: sent } = await service.call(route, { headers, ...more })
    return { status, headers: sent, json: text === '' ? {} : JSON.parse(text) }
  }
  return {
    create: (json: object = {}) => send('POST /api-keys', { json: { name: 'a script', ...json } }),
    list: () => send('GET /api-keys'),
    revoke: (id: string) => send('DELETE /api-keys/{id}', { id }),
  }
}

/** The answer to a request for an access token. */
export async function askToken(service: OAuthService, { form = {}, headers = {} }: Asked) {
  const whole = { grant_type: 'client_credentials', ...form }
  const { status, text, headers: sent } = await service.call('POST /token', { form: whole, headers })
  return { status, headers: sent, json: JSON.parse(text) }
}

/** The answer to a request with a key, as `client_secret`. */
export const exchange = (service: OAuthService, key: string, form: Readonly<Record<string, string>> = {}) =>
  askToken(service, { form: { client_secret: key, ...form } })

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

export const sidOf = (token: string): string => String(decodeJwt(token)['sid'])
