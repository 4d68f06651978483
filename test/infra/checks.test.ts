import { expect, test } from '@jest/globals'
import { HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks } from 'cdk-nag'
import { createApp } from '../../infra/create-app.ts'

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
