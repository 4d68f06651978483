import { createHash, randomBytes } from 'node:crypto'
import type { ReadyMadeClient } from './ready-made-client.ts'

/** What a sign-in has given: the claims of its ID token, what /userinfo says, and the ID token to sign out with. */
export type SignedIn = {
  readonly claims: Readonly<Record<string, unknown>>
  readonly user: Readonly<Record<string, unknown>>
  readonly idToken: string
}

type Options = { readonly issuer: string; readonly client: ReadyMadeClient; readonly redirectUri: string }

const random = () => randomBytes(32).toString('base64url')

/**
 * Sign-ins as any client makes them (OpenID Connect Core section 3.1). The demo talks to its own issuer over loopback, so it
 * reads the ID token that it gets from there without a signature check (section 3.1.3.7, 6).
 */
export function createSignIns({ issuer, client: { id, secret }, redirectUri }: Options) {
  const pending = new Map<string, { readonly verifier: string; readonly nonce: string }>()
  return {
    begin: (): string => {
      const [state, verifier, nonce] = [random(), random(), random()]
      if (pending.size >= 100) pending.clear()
      pending.set(state, { verifier, nonce })
      const query = new URLSearchParams({
        ...{
          client_id: id,
          redirect_uri: redirectUri,
          response_type: 'code',
          scope: 'openid profile email',
          state,
          nonce,
        },
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      return `${issuer}/authorize?${query}`
    },
    /** @throws Error that says what is wrong with the response. */
    finish: async (response: URLSearchParams): Promise<SignedIn> => {
      const begun = pending.get(response.get('state') ?? '')
      if (!begun || response.get('iss') !== issuer)
        throw new Error('This is not the answer to a sign-in that began here.')
      pending.delete(response.get('state') ?? '')
      const code = response.get('code')
      if (code === null) throw new Error(`${response.get('error')}: ${response.get('error_description')}`)
      const tokens = await ask(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({
          ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: begun.verifier },
        }),
      })
      const idToken = String(tokens['id_token'])
      const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString())
      if (claims.nonce !== begun.nonce) throw new Error('The ID token belongs to another sign-in.')
      const headers = { authorization: `Bearer ${tokens['access_token']}` }
      return { claims, user: await ask(`${issuer}/userinfo`, { headers }), idToken }
    },
  }
}

async function ask(url: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, init)
  const answer = (await response.json()) as Readonly<Record<string, unknown>>
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status} ${answer['error'] ?? ''}.`)
  return answer
}
