import type { AccessTokenFailure } from '../../../functions/domain/tokens/access-token.ts'
import { forge, type TestKey } from '../builders/signing-key.ts'

/** The verifiers that ours is compared with. */
export type Verifier = 'jose' | 'aws-jwt-verify'

/** Which of the others take a token, and why we do not. */
export type Laxity = { readonly of: readonly Verifier[]; readonly why: string }

/** A token that must not get in, how it is made, and for what reason it is refused. */
export type HostileToken = {
  readonly name: string
  readonly make: (forgery: Forgery) => string
  readonly reason: AccessTokenFailure['reason']
  readonly laxity?: Laxity
}

type Part = Readonly<Record<string, unknown>>

/** Whom a token is made for: a service with its key, and an attacker with another one. */
export type Target = {
  readonly issuer: string
  readonly audience: string
  readonly key: TestKey
  readonly attackersKey: TestKey
  readonly now: number
  /** Whom it would be about: claims of a session that exists, where a session is asked for. */
  readonly subject?: Part
  /** Where the attacker would have a verifier fetch his key. */
  readonly attackersUrl?: string
}

/** What a hostile token is made of: everything of a good one, and the keys to sign what was changed. */
export type Forgery = Required<Target> & {
  readonly header: Part
  readonly claims: Part
  readonly good: string
  /** Signed rightly, by the service's own key. Text and bytes are taken as they are. */
  readonly sign: (header: object | string, claims: object | string) => string
}

const somebody = { sub: 's', client_id: 'web', jti: 'j', sid: 'sid', scope: 'a b' }

export function createForgery(target: Target): Forgery {
  const { issuer, audience, key, now, subject = somebody } = target
  const header = { alg: 'RS256', typ: 'at+jwt', kid: key.jwk.kid }
  const claims = { iss: issuer, aud: audience, ...subject, iat: now, exp: now + 900 }
  const sign = (head: object | string, body: object | string) => forge(key, head, body)
  return {
    attackersUrl: 'https://attacker.example/keys',
    ...target,
    subject,
    header,
    claims,
    sign,
    good: sign(header, claims),
  }
}

type Row = readonly [
  name: string,
  make: HostileToken['make'],
  reason: HostileToken['reason'],
  laxity?: Laxity | undefined,
]

export const hostile = ([name, make, reason, laxity]: Row): HostileToken =>
  laxity ? { name, make, reason, laxity } : { name, make, reason }

export const bothTake = (why: string): Laxity => ({ of: ['jose', 'aws-jwt-verify'], why })
export const joseTakes = (why: string): Laxity => ({ of: ['jose'], why })
export const awsTakes = (why: string): Laxity => ({ of: ['aws-jwt-verify'], why })
