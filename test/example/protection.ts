type Template = { readonly Resources: Readonly<Record<string, { readonly Type: string }>> }

/** How many resources of each type a template has. */
export function countTypes({ Resources }: Template): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { Type } of Object.values(Resources)) counts[Type] = (counts[Type] ?? 0) + 1
  return counts
}

/** What protects the APIs of the shop. */
export const protection = {
  'AWS::ApiGatewayV2::Api': 2,
  // By token and by route before the HTTP API, one before the WebSocket; likewise two before the REST API.
  'AWS::ApiGatewayV2::Authorizer': 3,
  'AWS::ApiGateway::Authorizer': 2,
  'AWS::ApiGateway::RestApi': 1,
}
