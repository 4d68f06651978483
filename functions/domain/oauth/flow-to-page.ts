import type { Flow } from './flow.ts'
import type { OwnPage } from './own-pages.ts'

type Service = {
  readonly issuer: string
  readonly serviceName: string
  /** For how many seconds a log-in is fresh. */
  readonly freshness: number
}

/**
 * What a flow to a page of ours asks for: a factor, where there is one, for whatever changes how somebody signs in, and for
 * what changes factors also a fresh log-in (REQ-175). Its client is the service itself, whose id no client can have.
 */
export function flowTo(
  page: OwnPage,
  { issuer, serviceName, freshness }: Service,
): Pick<Flow, 'request' | 'client' | 'page'> {
  const fresh = page === '/account/factors' && { maxAge: freshness }
  const strong = page !== '/account' && ({ acr: 'mfa' } as const)
  const redirectUri = `${issuer}${page}`
  return {
    page,
    request: { clientId: issuer, redirectUri, responseMode: 'query', scope: [], prompt: [], ...fresh, ...strong },
    client: {
      id: issuer,
      name: serviceName,
      registration: issuer,
      isFirstParty: true,
      authMethod: 'client_secret_basic',
    },
  }
}
