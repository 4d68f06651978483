import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Stack } from 'aws-cdk-lib/core'
import type { TokenAuth } from 'latchkey'

/** An MCP server at /mcp of an API, which takes tokens for itself only. `code` is the folder of its bundle. */
export function addMcpServer(api: HttpApi, auth: TokenAuth, code: string, isIssuerLive: boolean): void {
  const resource = auth.addProtectedResource(api, { path: '/mcp', scopes: ['notes:read', 'notes:write'] })
  const server = new LambdaFunction(Stack.of(api), 'McpServer', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    memorySize: 512,
    environment: { RESOURCE_METADATA: resource.metadataUrl },
  })
  api.addRoutes({
    path: '/mcp',
    methods: [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE],
    integration: new HttpLambdaIntegration('McpServer', server),
    // API Gateway's own answers 401 to a token that has expired, so that agents refresh; but it needs a live issuer.
    ...(isIssuerLive
      ? { authorizer: resource.nativeAuthorizer(), authorizationScopes: ['notes:read'] }
      : { authorizer: resource.httpAuthorizer({ scopes: ['notes:read'] }) }),
  })
}
