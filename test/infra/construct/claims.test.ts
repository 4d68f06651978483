import { describe, expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Function as CdkFunction, Code, type IFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import { templateApp } from '../../support/builders/template-app.ts'

const live = 'arn:aws:lambda:eu-central-1:123456789012:function:tenants:live'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

/** What the template says of the functions that know the owner's hook, and what they may invoke. */
async function setUp(hookOf: (made: CdkFunction) => IFunction, claimsAtRefresh?: boolean) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop')
  const code = Code.fromInline('exports.handler = async (event) => event')
  const made = new CdkFunction(stack, 'Tenants', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X })
  const claims = hookOf(made)
  const auth = new TokenAuth(stack, 'Auth', { claims, ...(claimsAtRefresh !== undefined && { claimsAtRefresh }) })
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))
  const resources: readonly Resource[] = Object.values(app.synth().getStackArtifact('Shop').template.Resources)
  const of = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties)
  const variables = of('AWS::Lambda::Function').map(({ Environment }) => Object(Environment).Variables ?? {})
  const statements = of('AWS::IAM::Policy').flatMap(({ PolicyDocument }) => Object(PolicyDocument).Statement)
  return {
    arn: stack.resolve(claims.functionArn),
    hooks: variables.flatMap(({ CLAIMS_HOOK: hook }) => (hook === undefined ? [] : [hook])),
    atRefresh: variables.flatMap(({ CLAIMS_AT_REFRESH: asked }) => (asked === undefined ? [] : [asked])),
    invocable: statements.flatMap(({ Action, Resource }) => (Action === 'lambda:InvokeFunction' ? [Resource] : [])),
  }
}

// REQ-137
describe("a function of the owner's stack that adds claims", () => {
  test.each<[string, (made: CdkFunction) => IFunction]>([
    ['a function', (made) => made],
    ['an alias', (made) => CdkFunction.fromFunctionArn(made, 'Live', live)],
  ])('is known to those that issue tokens, and only it may be invoked: %s', async (_, hookOf) => {
    const { arn, hooks, atRefresh, invocable } = await setUp(hookOf)

    expect(hooks).toEqual([arn, arn, arn])
    expect(invocable).toEqual([arn, arn, arn])
    expect(atRefresh).toEqual(['false'])
  })

  test('is asked at each refresh where the owner wants it', async () => {
    expect((await setUp((made) => made, true)).atRefresh).toEqual(['true'])
  })
})
