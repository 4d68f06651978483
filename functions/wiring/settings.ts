import type { Resource, Targets } from '../domain/scopes/resources.ts'
import type { SessionLimits } from '../domain/sessions/session.ts'
import type { ThrottleLimits } from '../domain/throttling/throttle.ts'

/** In seconds. */
export type SessionEnv = { readonly SESSION_IDLE_LIMIT: number; readonly SESSION_LIMIT: number }

export const sessionLimits = (env: SessionEnv): SessionLimits => ({
  idle: env.SESSION_IDLE_LIMIT,
  absolute: env.SESSION_LIMIT,
})

export type TargetEnv = { readonly AUDIENCE: string; readonly RESOURCES: readonly Resource[] }

export const targetsOf = ({ AUDIENCE: audience, RESOURCES: resources }: TargetEnv): Targets => ({ audience, resources })

export type ThrottleEnv = { readonly ACCOUNT_FAILURES: number; readonly ADDRESS_FAILURES: number }

export const throttleLimits = (env: ThrottleEnv): ThrottleLimits => ({
  accountFailures: env.ACCOUNT_FAILURES,
  addressFailures: env.ADDRESS_FAILURES,
})

export type PolicyEnv = { readonly SERVICE_NAME: string; readonly MINIMUM_PASSWORD_LENGTH: number }

export const passwordPolicy = (env: PolicyEnv) => ({
  minimumLength: env.MINIMUM_PASSWORD_LENGTH,
  serviceName: env.SERVICE_NAME,
})

type PasskeyEnv = {
  readonly ISSUER: string
  readonly RP_ID: string | null
  readonly PASSKEY_ORIGINS: readonly string[]
}

/** What passkeys are bound to, and the origins of the pages that may use them. */
export function relyingParty(env: PasskeyEnv): { readonly rpId: string; readonly origins: readonly string[] } {
  const { hostname, origin } = new URL(env.ISSUER)
  return { rpId: env.RP_ID ?? hostname, origins: [...new Set([origin, ...env.PASSKEY_ORIGINS])] }
}
