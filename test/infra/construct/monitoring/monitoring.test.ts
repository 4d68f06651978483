import { describe, expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../../infra/build/ensure-bundled.ts'
import { TokenAuth } from '../../../../infra/construct/token-auth.ts'
import type { TokenAuthProps } from '../../../../infra/construct/token-auth-props.ts'
import { templateApp } from '../../../support/builders/template-app.ts'

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

async function setUp(props: (stack: Stack) => TokenAuthProps = () => ({})) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop')
  const auth = new TokenAuth(stack, 'Auth', { issuer: 'https://auth.example.com', ...props(stack) })
  const propertiesOf = (type: string) =>
    Object.values<Resource>(app.synth().getStackArtifact('Shop').template.Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties)
  return { stack, auth, propertiesOf }
}

type Query = { readonly MetricStat?: { readonly Metric: Resource['Properties'] } }

const metricsOf = (alarm: Resource['Properties']): readonly Resource['Properties'][] =>
  (alarm['Metrics'] as readonly Query[] | undefined)?.flatMap(({ MetricStat }) =>
    MetricStat ? [MetricStat.Metric] : [],
  ) ?? [alarm]

const actionsOf = (alarms: readonly Resource['Properties'][]) => alarms.map(({ AlarmActions }) => AlarmActions)

describe("the metrics, for alarms of one's own", () => {
  test('are these, summed up over five minutes, in the namespace of the construct', async () => {
    const { auth } = await setUp()
    const metrics = [
      auth.metricLoginAttempts(),
      auth.metricLoginFailures(),
      auth.metricLoginLocks(),
      auth.metricWrongPasswords(),
      auth.metricUnknownNames(),
      auth.metricMigrations(),
      auth.metricSessionRetries(),
      auth.metricTokenReuse(),
      auth.metricRefusedTokens(),
      auth.metricRefusedClients(),
      auth.metricFailedClientMetadata(),
      auth.metricFaults(),
    ]
    const described = metrics.map(({ namespace, metricName, statistic, period }) => [
      `${namespace} ${metricName}`,
      `${statistic} of ${period.toMinutes()} minutes`,
    ])

    expect(described).toEqual([
      ['Shop/Auth LoginAttempts', 'Sum of 5 minutes'],
      ['Shop/Auth LoginFailures', 'Sum of 5 minutes'],
      ['Shop/Auth LoginLocks', 'Sum of 5 minutes'],
      ['Shop/Auth WrongPasswords', 'Sum of 5 minutes'],
      ['Shop/Auth UnknownNames', 'Sum of 5 minutes'],
      ['Shop/Auth Migrations', 'Sum of 5 minutes'],
      ['Shop/Auth SessionRetries', 'Sum of 5 minutes'],
      ['Shop/Auth TokenReuse', 'Sum of 5 minutes'],
      ['Shop/Auth RefusedTokens', 'Sum of 5 minutes'],
      ['Shop/Auth RefusedClients', 'Sum of 5 minutes'],
      ['Shop/Auth FailedClientMetadata', 'Sum of 5 minutes'],
      ['Shop/Auth Faults', 'Sum of 5 minutes'],
    ])
  })

  test('take the options that every metric takes', async () => {
    const { auth } = await setUp()
    const metric = auth.metricLoginFailures({ period: Duration.hours(1), label: 'failed' })

    expect(metric).toMatchObject({ label: 'failed', statistic: 'Sum' })
    expect(metric.period.toHours()).toBe(1)
  })

  test('are fed by the logs without alarms and dashboard too', async () => {
    const { propertiesOf } = await setUp(() => ({ monitoring: false }))
    const fed = propertiesOf('AWS::Logs::MetricFilter').map(({ MetricTransformations }) => MetricTransformations)

    expect(fed).toContainEqual([{ MetricName: 'LoginFailures', MetricNamespace: 'Shop/Auth', MetricValue: '1' }])
    expect(propertiesOf('AWS::CloudWatch::Alarm')).toEqual([])
    expect(propertiesOf('AWS::CloudWatch::Dashboard')).toEqual([])
  })
})

describe('alarms', () => {
  test.each(['immediate', 'lifetime'] as const)('watch the authorizer of %s revocation', async (revocation) => {
    const { propertiesOf } = await setUp(() => ({ revocation }))
    const metrics = propertiesOf('AWS::CloudWatch::Alarm').flatMap(metricsOf)
    const ofFunctions = metrics.filter(({ Namespace }) => Namespace === 'AWS/Lambda')
    const watched = ofFunctions.map(({ MetricName, Dimensions }) => [MetricName, JSON.stringify(Dimensions)])
    const authorizer = expect.stringContaining('authorizer')

    expect(watched).toEqual([
      ['Errors', authorizer],
      ['Throttles', authorizer],
      ['Errors', expect.stringContaining('login')],
    ])
  })

  test("go to a topic of one's own, which gets a mailbox where one is named", async () => {
    const { propertiesOf } = await setUp((stack) => ({
      alarmTopic: new Topic(stack, 'Pager'),
      alarmEmail: 'ops@example.com',
    }))
    const pager = { Ref: expect.stringMatching(/^Pager/) }
    const alarms = propertiesOf('AWS::CloudWatch::Alarm')

    expect(alarms.length).toBeGreaterThan(0)
    expect(actionsOf(alarms)).toEqual(alarms.map(() => [pager]))
    expect(propertiesOf('AWS::SNS::Topic')).toHaveLength(1)
    expect(propertiesOf('AWS::SNS::Subscription')).toEqual([
      { Protocol: 'email', Endpoint: 'ops@example.com', TopicArn: pager },
    ])
  })

  test('watch every API that has our routes', async () => {
    const { stack, auth, propertiesOf } = await setUp()
    for (const id of ['Shop', 'Back']) auth.addAuthRoutes(new HttpApi(stack, id))
    const watched = propertiesOf('AWS::CloudWatch::Alarm').filter(({ MetricName }) => MetricName === '5xx')

    expect(watched.map(({ Dimensions }) => Dimensions)).toEqual([
      [{ Name: 'ApiId', Value: { Ref: expect.stringMatching(/^Shop/) } }],
      [{ Name: 'ApiId', Value: { Ref: expect.stringMatching(/^Back/) } }],
    ])
  })

  test.each([
    ['an address', () => ({ alarmEmail: 'ops@example.com' })],
    ['a topic', (stack: Stack) => ({ alarmTopic: new Topic(stack, 'Pager') })],
  ])('that are switched off while %s waits for them stop the synthesis', async (_, recipient) => {
    await expect(setUp((stack) => ({ monitoring: false, ...recipient(stack) }))).rejects.toThrow(
      'monitoring: true where alarmEmail or alarmTopic is set, because otherwise no alarm is ever sent',
    )
  })
})
