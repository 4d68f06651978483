import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Names, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { functionsIn } from '../auth-function.ts'

type Source = {
  /** The `event` of a log line, where a star at its end stands for anything; or its `status`. */
  readonly line: { readonly event: string } | { readonly status: number }
  /** The functions that write it. One that a stack does not have is not missed. */
  readonly of: readonly string[]
}

// Why something failed stays in the log: as a dimension every reason would be a metric of its own, and paid for as one.
const counts = {
  LoginAttempts: { line: { event: 'authn_login_*' }, of: ['login'] },
  LoginFailures: { line: { event: 'authn_login_fail' }, of: ['login'] },
  LoginLocks: { line: { event: 'authn_login_lock' }, of: ['login', 'password'] },
  TokenReuse: { line: { event: 'authn_token_reuse' }, of: ['token'] },
  RefusedTokens: { line: { event: 'authz_fail' }, of: ['authorizer', 'authorizerImmediate'] },
  // Of these the authorizer makes an error on purpose, for REST and WebSocket APIs.
  UnauthorizedByError: { line: { status: 401 }, of: ['authorizer', 'authorizerImmediate'] },
  Faults: {
    line: { event: 'sys_crash' },
    of: ['login', 'token', 'revoke', 'sessions', 'password', 'register', 'discovery'],
  },
} as const satisfies Readonly<Record<string, Source>>

export type EventCount = keyof typeof counts

export const eventCount = (auth: Construct, metricName: EventCount, options?: MetricOptions): Metric =>
  new Metric({ namespace: namespaceOf(auth), metricName, statistic: 'Sum', ...options })

/** Makes a metric of each kind of event in the functions' logs. Lines of several functions add up to one metric. */
export function countEvents(auth: Construct): void {
  const functions = functionsIn(auth)
  const metricNamespace = namespaceOf(auth)
  const filters = new Construct(auth, 'Counts')
  for (const [metricName, { line, of }] of Object.entries(counts)) {
    const filterPattern = patternOf(line)
    for (const name of of) {
      const logGroup = functions.get(name)?.logGroup
      const props = { metricName, metricNamespace, filterPattern }
      if (logGroup) new MetricFilter(filters, `${metricName}-${name}`, { logGroup, ...props })
    }
  }
}

const patternOf = (line: Source['line']) =>
  'event' in line
    ? FilterPattern.stringValue('$.event', '=', line.event)
    : FilterPattern.numberValue('$.status', '=', line.status)

// A metric out of a log has no dimensions but the log's own fields, so its namespace tells one deployment from another.
const namespaceOf = (auth: Construct): string => `${Stack.of(auth).stackName}/${Names.stackRelativeConstructPath(auth)}`
