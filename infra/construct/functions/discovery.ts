import type { DiscoveryEnvName } from '../../../functions/discovery/env.ts'
import { clientHosts, secondFactor, words } from '../environment.ts'
import { defineFunction, type RouteSpec } from '../function-spec.ts'
import { logoTypeOf } from '../look/logo.ts'

const read = (document: string, wanted: Pick<RouteSpec, 'isWanted'> = {}): RouteSpec => ({
  method: 'GET',
  path: `/.well-known/${document}`,
  open: 'Anyone may read how our tokens are verified.',
  ...wanted,
})

export const spec = defineFunction<DiscoveryEnvName>({
  name: 'discovery',
  description: 'GET /.well-known/*: the public keys and the metadata, and GET /logo for the pages',
  timeout: 5,
  provides: 'discovery',
  environment: ({ settings, issuer, keys, ...parts }) => ({
    ISSUER: issuer,
    JWKS: keys.jwks,
    SCOPES: words(settings.scopes),
    SIGN_IN_PAGES: String(settings.signInPages),
    LOGO_TYPE: (settings.logo && logoTypeOf(settings.logo)) ?? '-',
    ...secondFactor(settings),
    ...clientHosts(settings),
    ...parts.resources.environment,
    ...parts.resources.paths,
  }),
  files: ({ logo }) => (logo === undefined ? {} : { logo }),
  routes: [
    ...['jwks.json', 'openid-configuration', 'oauth-authorization-server'].map((document) => read(document)),
    ...['oauth-protected-resource', 'oauth-protected-resource/{path+}'].map((document) =>
      read(document, { isWanted: ({ resources }) => resources.length > 0 }),
    ),
    {
      method: 'GET',
      path: '/logo',
      isWanted: ({ logo }) => logo !== undefined,
      open: 'A picture on pages that anyone may see.',
      limit: { rate: 100, burst: 500 },
    },
  ],
  counts: ['Faults'],
})
