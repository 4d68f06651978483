import { expect, test } from '@jest/globals'
import { type Synthesised, synthesise } from '../../../support/builders/stack.ts'

type Rendered = { readonly stat: string; readonly label: string }
type Series = readonly (string | Rendered)[]

type Widget = {
  readonly type: 'alarm' | 'metric'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title: string
    readonly alarms?: readonly string[]
    readonly metrics?: readonly Series[]
  }
}

type Part = string | { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly string[] }

/** The dashboard as CloudWatch gets it, with logical ids in the place of names that AWS gives. */
function widgetsOf(stack: Synthesised): readonly Widget[] {
  const { DashboardBody } = stack.only('AWS::CloudWatch::Dashboard').Properties as {
    DashboardBody: { 'Fn::Join': [string, readonly Part[]] }
  }
  const text = DashboardBody['Fn::Join'][1].map((part) =>
    typeof part === 'string' ? part : (part.Ref ?? part['Fn::GetAtt']?.join('.')),
  )
  return JSON.parse(text.join('')).widgets
}

/** One series in one line: what is drawn, by which statistic, under which label. */
const describeSeries = (series: Series): string => {
  const { stat, label } = series.at(-1) as Rendered
  return `${label}: ${stat} of ${series.slice(0, -1).join(' ')}`
}

const perFunction = (names: readonly string[], metric: string, stat: string) =>
  names.map((name) => `${name}: ${stat} of AWS/Lambda ${metric} FunctionName ${name}`)

const functions = ['admin', 'authorizer', 'discovery', 'login', 'password', 'revoke', 'sessions', 'token']

test('the dashboard shows the alarms, what people do, and how functions and API are', async () => {
  const stack = await synthesise({ stage: 'prod' })
  const { id: api } = stack.only('AWS::ApiGatewayV2::Api')
  const graphs = widgetsOf(stack).filter(({ type }) => type === 'metric')
  const drawn = graphs.map(({ properties: { title, metrics = [] } }) => [title, metrics.map(describeSeries).sort()])

  expect(drawn).toEqual([
    [
      'Log-ins',
      [
        'failed: Sum of Latchkey-prod/Auth LoginFailures',
        'tried: Sum of Latchkey-prod/Auth LoginAttempts',
        'turned away: Sum of Latchkey-prod/Auth LoginLocks',
        'unknown names: Sum of Latchkey-prod/Auth UnknownNames',
        'wrong passwords: Sum of Latchkey-prod/Auth WrongPasswords',
      ],
    ],
    [
      'Tokens and faults',
      [
        'access tokens refused: Sum of Latchkey-prod/Auth RefusedTokens',
        'answered 500 or 503: Sum of Latchkey-prod/Auth Faults',
        'clients refused: Sum of Latchkey-prod/Auth RefusedClients',
        'refresh tokens reused: Sum of Latchkey-prod/Auth TokenReuse',
        'refreshes retried late: Sum of Latchkey-prod/Auth SessionRetries',
      ],
    ],
    ['Functions: calls', perFunction(functions, 'Invocations', 'Sum')],
    ['Functions: errors', perFunction(functions, 'Errors', 'Sum')],
    ['Functions: throttled', perFunction(['authorizer', 'login', 'token'], 'Throttles', 'Sum')],
    ['Functions: slowest in a hundred (ms)', perFunction(['authorizer', 'login', 'token'], 'Duration', 'p99')],
    ['Functions: at once', perFunction(['authorizer', 'login', 'token'], 'ConcurrentExecutions', 'Maximum')],
    [
      'API: requests',
      [
        `4xx: Sum of AWS/ApiGateway 4xx ApiId ${api}`,
        `5xx: Sum of AWS/ApiGateway 5xx ApiId ${api}`,
        `all: Sum of AWS/ApiGateway Count ApiId ${api}`,
      ],
    ],
    [
      'API: time to answer (ms)',
      [`p50: p50 of AWS/ApiGateway Latency ApiId ${api}`, `p99: p99 of AWS/ApiGateway Latency ApiId ${api}`],
    ],
  ])
})

test('the dashboard shows mails where they are sent, and still no more than an account may draw for nothing', async () => {
  const graphs = widgetsOf(await synthesise({ stage: 'prod', emailFrom: 'no-reply@example.com' }))
  const drawn = graphs.filter(({ properties }) => properties.title === 'Mails')

  expect(drawn.flatMap(({ properties: { metrics = [] } }) => metrics.map(describeSeries))).toEqual([
    expect.stringMatching(/^sent: Sum of AWS\/SES Send /),
    expect.stringMatching(/^not taken by SES: Sum of \S+ FailedMails$/),
    expect.stringMatching(/^bounced: Sum of AWS\/SES Bounce /),
    expect.stringMatching(/^called spam: Sum of AWS\/SES Complaint /),
  ])
  expect(graphs.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(50)
})

test('the dashboard shows every alarm there is', async () => {
  const stack = await synthesise({ stage: 'prod' })
  const shown = widgetsOf(stack).flatMap(({ properties }) => properties.alarms ?? [])

  expect([...shown].sort()).toEqual(
    stack
      .ofType('AWS::CloudWatch::Alarm')
      .map(([id]) => `${id}.Arn`)
      .sort(),
  )
})

test('the widgets lie side by side on the 24 columns of the page, and none over another', async () => {
  const widgets = widgetsOf(await synthesise({ stage: 'prod' }))
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)} ${y + Math.floor(cell / width)}`),
  )

  expect(new Set(cells).size).toBe(cells.length)
  expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24)
})

test('the dashboard draws no more metrics than an account may draw for nothing', async () => {
  const widgets = widgetsOf(await synthesise({ stage: 'prod' }))

  expect(widgets.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(50)
})
