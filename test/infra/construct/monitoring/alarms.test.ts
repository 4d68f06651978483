import { describe, expect, test } from '@jest/globals'
import { type Synthesised, synthesise } from '../../../support/builders/stack.ts'

type Metric = { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: readonly Dimension[] }
type Dimension = { readonly Name: string; readonly Value: { readonly Ref: string } }
type Stat = { readonly Metric: Metric; readonly Period: number; readonly Stat: string }
type Query = { readonly Id: string; readonly Expression?: string; readonly MetricStat?: Stat }

type Alarm = Metric & {
  readonly Statistic: string
  readonly Period: number
  readonly Threshold: number
  readonly ComparisonOperator: string
  readonly EvaluationPeriods: number
  readonly TreatMissingData: string
  readonly AlarmDescription: string
  readonly AlarmActions?: readonly unknown[]
  readonly Metrics?: readonly Query[]
}

const prod = { stage: 'prod' }
const mailed = { alarmEmail: 'ops@example.com' }

const alarmsOf = (stack: Synthesised) =>
  stack.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as unknown as Alarm)

const nameOf = ({ AlarmDescription }: Alarm) => /docs\/operations\.md, "(\w+)"\.$/.exec(AlarmDescription)?.[1]

const describeMetric = ({ Namespace, MetricName, Dimensions = [] }: Metric) =>
  [Namespace, MetricName, ...Dimensions.map(({ Value }) => Value.Ref.replace(/[0-9A-F]{8}$/, ''))].join(' ')

const metricsOf = (alarm: Alarm): readonly Metric[] =>
  alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [alarm]

describe('the alarms', () => {
  // REQ-125, REQ-145
  test('are these, each on a sum that is reached within its period', async () => {
    const simple = alarmsOf(await synthesise(prod)).filter(({ Metrics }) => !Metrics)
    const seen = simple.map((alarm) => [nameOf(alarm), describeMetric(alarm), alarm.Threshold, alarm.Period])

    expect(seen.sort()).toEqual([
      ['ApiFaults', 'AWS/ApiGateway 5xx Api', 5, 300],
      ['AuthorizerThrottles', 'AWS/Lambda Throttles authorizer', 1, 300],
      ['Faults', 'Latchkey-prod/Auth Faults', 3, 300],
      ['LoginErrors', 'AWS/Lambda Errors login', 1, 300],
      ['LoginLocks', 'Latchkey-prod/Auth LoginLocks', 20, 300],
      ['RefusedClients', 'Latchkey-prod/Auth RefusedClients', 100, 3600],
      ['SessionRetries', 'Latchkey-prod/Auth SessionRetries', 30, 3600],
      ['TokenReuse', 'Latchkey-prod/Auth TokenReuse', 1, 300],
      ['UnknownNames', 'Latchkey-prod/Auth UnknownNames', 300, 3600],
      ['WrongPasswords', 'Latchkey-prod/Auth WrongPasswords', 300, 3600],
    ])
    expect(new Set(simple.map(({ Statistic }) => Statistic))).toEqual(new Set(['Sum']))
  })

  test('and one on the share of log-ins that fail, where they are many', async () => {
    const computed = alarmsOf(await synthesise(prod)).filter((alarm) => nameOf(alarm) === 'FailedLogins')
    const of = (MetricName: string) => ({
      Metric: { Namespace: 'Latchkey-prod/Auth', MetricName },
      Period: 900,
      Stat: 'Sum',
    })

    expect(computed.map((alarm) => [nameOf(alarm), alarm.Threshold])).toEqual([['FailedLogins', 50]])
    expect(computed[0]?.Metrics).toEqual([
      expect.objectContaining({ Expression: 'IF(failures >= 50, 100 * failures / attempts, 0)', ReturnData: true }),
      { Id: 'failures', MetricStat: of('LoginFailures'), ReturnData: false },
      { Id: 'attempts', MetricStat: of('LoginAttempts'), ReturnData: false },
    ])
  })

  test('and one on errors of the authorizer, but for those by which it says 401', async () => {
    const [alarm] = alarmsOf(await synthesise(prod)).filter((each) => nameOf(each) === 'AuthorizerErrors')
    const described = alarm?.Metrics?.flatMap(({ Id, MetricStat }) =>
      MetricStat ? [[Id, describeMetric(MetricStat.Metric), MetricStat.Stat, MetricStat.Period]] : [],
    )

    expect([alarm?.Threshold, alarm?.Metrics?.[0]?.Expression]).toEqual([1, 'errors - FILL(refusals, 0)'])
    expect(described).toEqual([
      ['errors', 'AWS/Lambda Errors authorizer', 'Sum', 300],
      ['refusals', 'Latchkey-prod/Auth UnauthorizedByError', 'Sum', 300],
    ])
  })

  // REQ-168
  test('and two on mails that bounce and that are called spam, before SES reviews the account for them', async () => {
    const alarms = alarmsOf(await synthesise({ ...prod, emailFrom: 'no-reply@example.com' }))
    const described = alarms
      .filter((alarm) => nameOf(alarm)?.startsWith('Mail'))
      .map((alarm) => [
        nameOf(alarm),
        alarm.Threshold,
        alarm.Metrics?.[0]?.Expression,
        alarm.Metrics?.flatMap(({ Id, MetricStat }) =>
          MetricStat ? [`${Id}: ${describeMetric(MetricStat.Metric)}, ${MetricStat.Stat} of ${MetricStat.Period}`] : [],
        ),
      ])
    const stats = (name: string) =>
      [`found: AWS/SES ${name}`, 'mails: AWS/SES Send'].map(
        (metric) => `${metric} AuthMailConfigurationSet, Sum of 86400`,
      )

    expect(described).toEqual([
      ['MailBounces', 3, 'IF(found >= 5, 100 * found / FILL(mails, 1), 0)', stats('Bounce')],
      ['MailComplaints', 0.05, '100 * found / FILL(mails, 1)', stats('Complaint')],
    ])
    expect(alarms.flatMap(metricsOf)).toHaveLength(20)
  })

  // REQ-193
  test('and one on documents of clients that cannot be read, where there may be any', async () => {
    const named = async (settings: object) =>
      alarmsOf(await synthesise({ ...prod, ...settings }))
        .filter((alarm) => nameOf(alarm) === 'FailedClientMetadata')
        .map((alarm) => [describeMetric(alarm), alarm.Threshold, alarm.Period])

    expect(await named({ signInPages: true, clientsByUrl: 'all' })).toEqual([
      ['Latchkey-prod/Auth FailedClientMetadata', 50, 3600],
    ])
    expect(await named({ signInPages: true })).toEqual([])
  })

  test('go off at once, and rest while nothing happens', async () => {
    for (const alarm of alarmsOf(await synthesise(prod))) {
      expect(alarm).toMatchObject({
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      })
    }
  })

  test('watch the claims of the owner where there is a hook, and its first failure counts', async () => {
    const claims = 'arn:aws:lambda:eu-central-1:123456789012:function:tenants'
    const watched = alarmsOf(await synthesise({ ...prod, claims }))
    const [alarm, ...others] = watched.filter((each) => JSON.stringify(each).includes('FailedClaims'))

    expect(alarm).toMatchObject({ Threshold: 1, Statistic: 'Sum', Period: 300 })
    expect(others).toEqual([])
    expect(JSON.stringify(alarmsOf(await synthesise(prod)))).not.toContain('FailedClaims')
  })

  test('watch 14 metrics, of which ten are free in each account', async () => {
    const watched = alarmsOf(await synthesise(prod)).flatMap(metricsOf)

    expect(watched).toHaveLength(14)
  })
})

describe('the recipient of alarms', () => {
  test('gets a mail, through a topic that only alarms of this account can use, and only encrypted', async () => {
    const stack = await synthesise(mailed)
    const topic = { Ref: stack.only('AWS::SNS::Topic').id }
    const alarms = alarmsOf(stack)
    const { PolicyDocument } = stack.only('AWS::SNS::TopicPolicy').Properties as {
      PolicyDocument: { Statement: object[] }
    }

    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(alarms.map(() => [topic]))
    expect(alarms).toHaveLength(12)
    expect(stack.only('AWS::SNS::Subscription').Properties).toEqual({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      TopicArn: topic,
    })
    expect(PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ])
  })

  test('is told nothing where there is no address', async () => {
    const stack = await synthesise(prod)

    expect(alarmsOf(stack).map(({ AlarmActions }) => AlarmActions)).toEqual(Array(11).fill(undefined))
    expect(stack.ofType('AWS::SNS::Topic')).toEqual([])
  })

  test('costs a sandbox nothing until there is an address', async () => {
    const stack = await synthesise({})

    expect(alarmsOf(stack)).toEqual([])
    expect(stack.ofType('AWS::CloudWatch::Dashboard')).toEqual([])
  })
})
