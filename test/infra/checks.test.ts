import { describe, expect, test } from '@jest/globals'
import { Template } from 'aws-cdk-lib/assertions'
import { HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Stack, Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { ensureBundled } from '../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../infra/construct/token-auth.ts'
import { createApp } from '../../infra/create-app.ts'
import { templateApp } from '../support/builders/template-app.ts'

async function setUp() {
  const app = await createApp({
    stage: 'prod',
    corsOrigins: 'https://app.example.com',
    generations: '1 2',
    alarmEmail: 'ops@example.com',
    emailFrom: 'no-reply@example.com',
    secondFactor: 'optional',
  })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  const api = app.node.findAll().find((node) => node instanceof HttpApi)
  return { api, synthesise: () => app.synth() }
}

test('the rules of AWS Solutions find nothing that is not acknowledged, in production either', async () => {
  const { synthesise } = await setUp()

  expect(synthesise).not.toThrow()
})

test('an open route that no one gave a reason for stops the synthesis', async () => {
  const { api, synthesise } = await setUp()
  api?.addRoutes({
    path: '/orders',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('orders', 'https://orders.example.com'),
    authorizer: new HttpNoneAuthorizer(),
  })

  expect(synthesise).toThrow(/AwsSolutions-APIG4/)
})

describe("in an owner's app with everything on", () => {
  async function setUpOwners() {
    await ensureBundled()
    const app = templateApp()
    const stack = new Stack(app, 'Shop', { env: { account: '123456789012', region: 'eu-central-1' } })
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/6f2f1c2e-4f1d-4a53-9f58-0d5b1d1f3c11'
    const auth = new TokenAuth(stack, 'Auth', {
      domain: {
        name: 'auth.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
      },
      email: { from: 'no-reply@example.com' },
      secondFactor: 'optional',
      signInPages: true,
      selfRegistration: true,
      alarmEmail: 'ops@example.com',
    })
    auth.addClient('spa', { redirectUris: ['https://app.example.com/callback'], authMethod: 'none' })
    auth.addAuthRoutes(new HttpApi(stack, 'Api'))
    return { stack, auth }
  }

  test.each([
    ['AwsSolutions', new AwsSolutionsChecks()],
    ['Serverless', new ServerlessChecks()],
  ])('the rules of %s find nothing of ours', async (_, checks) => {
    const { stack } = await setUpOwners()
    const found = checks
      .validateScope(stack)
      .violations.map(({ ruleName, violatingResources }) => [
        ruleName,
        violatingResources.map((resource) => Object(resource).constructPath),
      ])

    // The limits of other routes are the owner's to set.
    const owners = ['Serverless-APIGWDefaultThrottling', ['Shop/Api/DefaultStage/Resource']]
    expect(found.filter((each) => JSON.stringify(each) !== JSON.stringify(owners))).toEqual([])
  })

  // cdk-nag 2 knows only what stands in the template.
  test('what is acknowledged is in the template too, each with a reason, and no protected route is among it', async () => {
    const { stack } = await setUpOwners()
    const resources = Object.values(Template.fromStack(stack).toJSON()['Resources']).map(Object)
    const acknowledged = resources.flatMap(({ Type, Metadata, Properties }) =>
      (Metadata?.cdk_nag?.rules_to_suppress ?? []).map((rule: object) => ({ Type, Properties, ...rule })),
    )
    const routes = acknowledged.filter(({ id }) => id === 'AwsSolutions-APIG4')

    expect(routes).toHaveLength(resources.filter(({ Properties }) => Properties?.AuthorizationType === 'NONE').length)
    expect(routes.filter(({ Properties }) => Properties.AuthorizationType !== 'NONE')).toEqual([])
    expect(acknowledged.filter(({ reason }) => !/^\w.{20,}$/.test(reason))).toEqual([])
    expect(new Set(acknowledged.map(({ id }) => id))).toEqual(
      new Set([
        'AwsSolutions-APIG4',
        'Serverless-LambdaAsyncFailureDestination',
        'Serverless-LambdaDLQ',
        'Serverless-LambdaTracing',
        'Serverless-SNSRedrivePolicy',
      ]),
    )
  })
})
