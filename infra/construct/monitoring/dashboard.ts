import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { LambdaFunction } from '../lambda-function.ts'
import type { MailSender } from '../mail/mail-sender.ts'
import type { AuthMetrics } from './auth-metrics.ts'
import { isCounted } from './event-counts.ts'

/** One page with the alarms, what people do and how the functions are. `alarms` may grow until the synthesis. */
export function createDashboard(
  scope: Construct,
  auth: AuthMetrics,
  functions: readonly LambdaFunction[],
  mail: MailSender | undefined,
  hasClaims: boolean,
  alarms: Alarm[],
): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(1),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 3 })],
      eventGraphs(auth, functions, hasClaims),
      ...(mail ? [mailGraphs(auth, mail)] : []),
      // Dashboards with up to 50 metrics are free, so of most functions only calls and errors are shown, and of some neither.
      countGraphs(functions.filter(({ spec }) => !spec.isRarelyCalled)),
      loadGraphs(functions.filter(({ spec }) => spec.isOnMostPaths)),
    ],
  })
}

export const apiGraphs = (api: HttpApi): IWidget[] => [
  graph('API: requests', 12, [
    api.metricCount({ label: 'all', statistic: 'Sum' }),
    api.metricClientError({ label: '4xx', statistic: 'Sum' }),
    api.metricServerError({ label: '5xx', statistic: 'Sum' }),
  ]),
  graph(
    'API: time to answer (ms)',
    12,
    percentiles((statistic) => api.metricLatency({ label: statistic, statistic })),
  ),
]

const eventGraphs = (auth: AuthMetrics, functions: readonly LambdaFunction[], hasClaims: boolean): IWidget[] => [
  graph('Log-ins', 12, [
    auth.metricLoginAttempts({ label: 'tried' }),
    auth.metricLoginFailures({ label: 'failed' }),
    auth.metricLoginLocks({ label: 'turned away' }),
    auth.metricWrongPasswords({ label: 'wrong passwords' }),
    auth.metricUnknownNames({ label: 'unknown names' }),
  ]),
  graph('Tokens and faults', 12, [
    auth.metricRefusedTokens({ label: 'access tokens refused' }),
    auth.metricSessionRetries({ label: 'refreshes retried late' }),
    auth.metricTokenReuse({ label: 'refresh tokens reused' }),
    auth.metricRefusedClients({ label: 'clients refused' }),
    ...(isCounted(functions, 'FailedClientMetadata')
      ? [auth.metricFailedClientMetadata({ label: 'documents of clients not read' })]
      : []),
    ...(hasClaims ? [auth.metricFailedClaims({ label: 'without claims' })] : []),
    auth.metricFaults({ label: 'answered 500 or 503' }),
  ]),
]

const mailGraphs = (auth: AuthMetrics, mail: MailSender): IWidget[] => [
  graph('Mails', 24, [
    mail.metricMails({ label: 'sent' }),
    auth.metricFailedMails({ label: 'not taken by SES' }),
    mail.metricBounces({ label: 'bounced' }),
    mail.metricComplaints({ label: 'called spam' }),
  ]),
]

const countGraphs = (functions: readonly LambdaFunction[]): IWidget[] => [
  graph(
    'Functions: calls',
    12,
    each(functions, (label, handler) => handler.metricInvocations({ label })),
  ),
  graph(
    'Functions: errors',
    12,
    each(functions, (label, handler) => handler.metricErrors({ label })),
  ),
]

const loadGraphs = (functions: readonly LambdaFunction[]): IWidget[] => [
  graph(
    'Functions: throttled',
    8,
    each(functions, (label, handler) => handler.metricThrottles({ label })),
  ),
  graph(
    'Functions: slowest in a hundred (ms)',
    8,
    each(functions, (label, handler) => handler.metricDuration({ label, statistic: 'p99' })),
  ),
  graph(
    'Functions: at once',
    8,
    each(functions, (label, handler) => handler.metric('ConcurrentExecutions', { label, statistic: 'Maximum' })),
  ),
]

const graph = (title: string, width: number, left: IMetric[]): IWidget =>
  new GraphWidget({ title, width, height: 6, left, leftYAxis: { min: 0 } })

const each = (
  functions: readonly LambdaFunction[],
  metric: (name: string, handler: LambdaFunction) => IMetric,
): IMetric[] => functions.map((handler) => metric(handler.spec.name, handler))

const percentiles = (metric: (statistic: string) => IMetric): IMetric[] => ['p50', 'p99'].map(metric)
