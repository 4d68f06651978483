import type { DiscoveryEnvName } from '../../../functions/discovery/env.ts'
import { secondFactor, words } from '../environment.ts'
import { defineFunction, type RouteSpec } from '../function-spec.ts'

const read = (document: string): RouteSpec => ({
  method: 'GET',
  path: `/.well-known/${document}`,
  open: 'Anyone may read how our tokens are verified.',
})

export const spec = defineFunction<DiscoveryEnvName>({
  name: 'discovery',
  description: 'GET /.well-known/*: the public keys and the metadata',
  timeout: 5,
  environment: ({ settings, issuer, keys }) => ({
    ISSUER: issuer,
    JWKS: keys.jwks,
    SCOPES: words(settings.scopes),
    SIGN_IN_PAGES: String(settings.signInPages),
    ...secondFactor(settings),
  }),
  routes: [read('jwks.json'), read('openid-configuration'), read('oauth-authorization-server')],
  counts: ['Faults'],
})
