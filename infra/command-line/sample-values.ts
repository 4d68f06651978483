import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from 'jose'
import type { Invoke } from '../local/lambda/lambda.ts'
import { refuse } from '../local/refusal.ts'
import { ensureReadyMadeUser, type ReadyMadeUser } from './ready-made-user.ts'

/**
 * Fills in what no file can hold: `{{username}}` and `{{password}}` of the ready-made user, and what that user gets by
 * logging in: `{{access_token}}` and `{{refresh_token}}`, `{{sub}}` and `{{sid}}` as the access token says them.
 * `{{tampered_access_token}}` is the access token with another subject under the old signature,
 * `{{expired_access_token}}` the same a day earlier, signed with the key in the data folder.
 */
export async function fillInSamples(event: string, data: string, invoke: Invoke): Promise<string> {
  const asksFor = (name: string) => event.includes(`{{${name}}}`)
  const fill = (values: Readonly<Record<string, unknown>>) =>
    event.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name) => `${values[name] ?? placeholder}`)
  if (![...ofUser, ...ofLogIn].some(asksFor)) return event
  const user = await ensureReadyMadeUser(data, invoke)
  if (!ofLogIn.some(asksFor)) return fill({ username: user.username, password: user.password })
  const { access_token, refresh_token } = await logIn(user, invoke)
  const { sub, sid } = decodeJwt(access_token)
  const tampered_access_token = tamper(access_token)
  const expired_access_token = asksFor('expired_access_token') ? await expire(access_token, data) : ''
  const { username, password } = user
  return fill({
    username,
    password,
    access_token,
    refresh_token,
    sub,
    sid,
    tampered_access_token,
    expired_access_token,
  })
}

const ofUser = ['username', 'password']
const ofLogIn = ['access_token', 'tampered_access_token', 'expired_access_token', 'refresh_token', 'sub', 'sid']

type Tokens = { readonly access_token: string; readonly refresh_token: string }

async function logIn({ username, password }: ReadyMadeUser, invoke: Invoke): Promise<Tokens> {
  const request = {
    version: '2.0',
    routeKey: 'POST /login',
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId: 'sample', http: { method: 'POST', path: '/login', sourceIp: '127.0.0.1' } },
    body: JSON.stringify({ username, password }),
    isBase64Encoded: false,
  }
  const { payload } = await invoke('login', JSON.stringify(request))
  const { statusCode, body } = JSON.parse(payload)
  return statusCode === 200 ? JSON.parse(body) : refuse(`${username} cannot log in: ${payload}`)
}

function tamper(token: string): string {
  const [header, , signature] = token.split('.')
  const claims = JSON.stringify({ ...decodeJwt(token), sub: 'someone-else' })
  return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`
}

async function expire(token: string, data: string): Promise<string> {
  const day = 86_400
  const { iat = 0, exp = 0, ...claims } = decodeJwt(token)
  const { alg = '', typ = '', kid = '' } = decodeProtectedHeader(token)
  const key = await importJWK(await findKey(data, kid), alg)
  return new SignJWT({ ...claims, iat: iat - day, exp: exp - day }).setProtectedHeader({ alg, typ, kid }).sign(key)
}

async function findKey(data: string, kid: string) {
  const folder = join(data, 'kms')
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.jwk.json'))) {
    const jwk = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    if ((await calculateJwkThumbprint(jwk)) === kid) return jwk
  }
  return refuse(`No key in ${folder} has the thumbprint ${kid}.`)
}
