import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../infra/construct/token-auth.ts'
import { templateApp } from '../support/builders/template-app.ts'
import { addMcpServer } from './mcp-resource.ts'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }
type Template = { readonly Resources: Readonly<Record<string, Resource>> }

/** A folder with a bundle of the server in it, as the documentation makes it. */
function folderOfServer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-'))
  mkdirSync(join(folder, 'mcp-server'))
  writeFileSync(join(folder, 'mcp-server/index.mjs'), '')
  return folder
}

const ofType = ({ Resources }: Template, type: string) =>
  Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)

const routesOf = (template: Template) =>
  ofType(template, 'AWS::ApiGatewayV2::Route')
    .filter(({ RouteKey }) => String(RouteKey).endsWith('/mcp') && !String(RouteKey).includes('well-known'))
    .map(({ RouteKey, AuthorizationType, AuthorizationScopes }) => [RouteKey, AuthorizationType, AuthorizationScopes])

describe('the MCP server of the documentation', () => {
  test('is deployed at first with an authorizer that needs no live issuer', async () => {
    await ensureBundled()
    const former = process.cwd()
    process.chdir(folderOfServer())
    try {
      const { app } = await import('./mcp.ts')
      const { template } = app.synth().getStackArtifact('Notes')

      expect(routesOf(template)).toEqual(
        ['GET', 'POST', 'DELETE'].map((method) => [`${method} /mcp`, 'CUSTOM', undefined]),
      )
    } finally {
      process.chdir(former)
    }
  })

  // REQ-194
  test("then with API Gateway's own, for tokens with this audience only", async () => {
    await ensureBundled()
    const app = templateApp()
    const stack = new Stack(app, 'Notes')
    const api = new HttpApi(stack, 'Api')
    const auth = new TokenAuth(stack, 'Auth', { signInPages: true, scopes: ['notes:read', 'notes:write'] })
    auth.addAuthRoutes(api)
    addMcpServer(api, auth, join(folderOfServer(), 'mcp-server'), true)
    const { template } = app.synth().getStackArtifact('Notes')

    expect(routesOf(template)).toEqual(
      ['GET', 'POST', 'DELETE'].map((method) => [`${method} /mcp`, 'JWT', ['notes:read']]),
    )
    const [jwt] = ofType(template, 'AWS::ApiGatewayV2::Authorizer').filter(
      ({ AuthorizerType }) => AuthorizerType === 'JWT',
    )
    expect(jwt).toMatchObject({
      JwtConfiguration: {
        Audience: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'] }, '/mcp']] }],
      },
    })
  })
})
