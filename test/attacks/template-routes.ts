import { synthesise } from '../support/builders/stack.ts'

export type TemplateRoute = { readonly route: string; readonly open: boolean }

/** Every route of the stack as it would be deployed, and whether it is open to everyone. */
export async function findRoutes(settings: object = {}): Promise<readonly TemplateRoute[]> {
  const { ofType } = await synthesise({ selfRegistration: true, ...settings })
  return ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => ({
    route: String(Properties['RouteKey']),
    open: Properties['AuthorizationType'] === 'NONE',
  }))
}
