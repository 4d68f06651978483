import { CfnRoute, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Annotations, Aspects } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'
import { functionSpecs } from '../function-specs.ts'
import { rootDocumentPath } from '../resources/resource-address.ts'
import type { Settings } from '../settings/settings.ts'

/** Warns where sign-in pages are meant to last and their host is not the owner's. */
export function warnIfPagesHaveNoHost(scope: Construct, domainName: string | undefined, { issuer }: Settings): void {
  if (domainName !== undefined || issuer !== undefined) return
  Annotations.of(scope).addWarningV2(
    'latchkey:pageHost',
    "The sign-in pages are at API Gateway's own address, which people cannot tell from any other. Give them a domain " +
      '(docs/domain.md).',
  )
}

const ours = new Set(functionSpecs.flatMap(({ routes = [] }) => routes.map(({ method, path }) => `${method} ${path}`)))

/** Warns where routes of the owner's share the host of the sign-in pages: they get its cookie with every request. */
export function warnIfHostIsShared(api: HttpApi): void {
  const visit = (node: IConstruct) => {
    if (node !== api) return
    const routes = api.node.findAll().filter((each) => each instanceof CfnRoute)
    const others = routes
      .map(({ routeKey }) => routeKey)
      .filter((key) => !ours.has(key) && !key.startsWith(`GET ${rootDocumentPath}/`))
    if (others.length === 0) return
    Annotations.of(api).addWarningV2(
      'latchkey:sharedHost',
      `These routes are on the host of the sign-in pages and get the cookie of whoever is signed in there: ` +
        `${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and others' : ''}. Put them on an API of their own.`,
    )
  }
  Aspects.of(api).add({ visit })
}
