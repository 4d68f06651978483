import { createHash } from 'node:crypto'
import type { Authentication } from '../authentication.ts'
import type { Clock } from '../clock.ts'

/** What an authorization code stands for: who signed in, and what their client was granted. */
export type CodeGrantee = Authentication & {
  readonly clientId: string
  readonly registration: string
  readonly isFirstParty: boolean
  /** The consent that it was issued by: once that is withdrawn it begins no session. Absent for a first-party client. */
  readonly consent?: string | undefined
  readonly redirectUri: string
  readonly codeChallenge?: string | undefined
  readonly nonce?: string | undefined
  readonly scope: readonly string[]
  /** What its tokens are for, if not the API of the service. */
  readonly resource?: string | undefined
  readonly sub: string
  /** That of the SSO session: what has ended it meanwhile has ended the code too. */
  readonly epoch: number
  readonly sso: string
}

/** What a client must show to redeem a code. `redirectUri` is undefined where it does not name one. */
export type CodeProof = {
  readonly clientId: string
  readonly redirectUri: string | undefined
  /** The hash of its code verifier; undefined where it sends none. */
  readonly codeChallenge: string | undefined
}

/** A code that was used up before, and the session that this has begun. `grantee` as the code says. */
type UsedCode = { readonly grantee: CodeGrantee; readonly sessionId: string }

/** Where codes are kept, by a hash. Times are NumericDates in whole seconds. */
export type AuthorizationCodeStore = {
  /** It can be used until `goodUntil`, and is known until `expiresAt`, so that a second use is noticed. */
  readonly putNewAuthorizationCode: (
    id: string,
    grantee: CodeGrantee,
    times: { readonly goodUntil: number; readonly expiresAt: number },
  ) => Promise<void>
  /**
   * Uses up a code for the session that is about to begin, if the proof is right and nobody did before: one conditional
   * write, so that of any number of calls at once one gets the grantee. `used` where the proof is right and somebody did.
   */
  readonly useAuthorizationCode: (
    id: string,
    proof: CodeProof,
    sessionId: string,
    now: number,
  ) => Promise<{ readonly grantee: CodeGrantee } | { readonly used: UsedCode } | undefined>
}

/** Authorization codes of 256 random bits, of which only a hash is stored. */
export type AuthorizationCodes = {
  readonly issue: (grantee: CodeGrantee) => Promise<string>
  readonly use: (
    code: string,
    proof: CodeProof,
    sessionId: string,
  ) => ReturnType<AuthorizationCodeStore['useAuthorizationCode']>
}

// RFC 6749 section 4.1.2 recommends ten minutes at most; a client redeems it at once. In seconds.
const lifetime = 60
const memory = 3600

type Dependencies = {
  readonly store: AuthorizationCodeStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export const createAuthorizationCodes = ({ store, randomBytes, clock }: Dependencies): AuthorizationCodes => ({
  issue: async (grantee) => {
    const code = Buffer.from(randomBytes(32)).toString('base64url')
    const now = Math.floor(clock())
    await store.putNewAuthorizationCode(hashOf(code), grantee, { goodUntil: now + lifetime, expiresAt: now + memory })
    return code
  },
  use: (code, proof, sessionId) => store.useAuthorizationCode(hashOf(code), proof, sessionId, Math.floor(clock())),
})

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url')

// RFC 7636 section 4.1.
const verifierForm = /^[\w.~-]{43,128}$/

/** The code challenge of a verifier (RFC 7636 section 4.6); undefined for a malformed one. */
export const challengeOf = (verifier: string): string | undefined =>
  verifierForm.test(verifier) ? createHash('sha256').update(verifier).digest('base64url') : undefined
