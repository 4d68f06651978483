// A log-in by name and password in the rivals' own words, and the password hash that it cannot do without. Both keep all in
// memory, so neither waits for a database, and both sign in the process itself.

import { ScryptHasher } from '@openauthjs/openauth/provider/password'
import { MemoryStorage } from '@openauthjs/openauth/storage/memory'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { auth } from './better-auth.js'
import { createIssuer } from './openauth.js'

const password = 'correct horse battery staple'
const email = 'ada@example.com'

const cookiesOf = (answer) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

async function openAuth() {
  const storage = MemoryStorage()
  const hasher = ScryptHasher()
  const stored = await hasher.hash(password)
  await storage.set(['email', email, 'password'], stored)
  const issuer = createIssuer(storage)
  const redirect = 'https://app.example.com/callback'
  const asked = new URLSearchParams({ client_id: 'web', redirect_uri: redirect, response_type: 'code' })
  const begun = await issuer.request(`https://auth.example.com/authorize?${asked}`)
  const cookie = cookiesOf(begun)
  return {
    hash: () => hasher.verify(password, stored),
    // The form, and the code that it leads to.
    logIn: async () => {
      const form = { method: 'POST', headers: { cookie }, body: new URLSearchParams({ email, password }) }
      const answer = await issuer.request('https://auth.example.com/password/authorize', form)
      const code = new URL(answer.headers.get('location')).searchParams.get('code')
      const grant = { grant_type: 'authorization_code', code, redirect_uri: redirect, client_id: 'web' }
      const exchange = { method: 'POST', body: new URLSearchParams(grant) }
      const { access_token } = await (await issuer.request('https://auth.example.com/token', exchange)).json()
      if (!access_token) throw new Error('OpenAuth gave no token.')
    },
  }
}

async function betterAuth() {
  await auth.api.signUpEmail({ body: { email, password, name: 'Ada' } })
  const hash = await hashPassword(password)
  return {
    hash: () => verifyPassword({ hash, password }),
    logIn: async () => {
      const { token } = await auth.api.signInEmail({ body: { email, password } })
      if (!token) throw new Error('better-auth gave no token.')
    },
  }
}

export const createLogIns = async () => ({ OpenAuth: await openAuth(), 'better-auth': await betterAuth() })
