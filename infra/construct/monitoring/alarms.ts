import { Alarm, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { FunctionsByName } from '../auth-function.ts'
import type { AuthMetrics } from './auth-metrics.ts'
import { eventCount } from './event-counts.ts'

/** When it is reached within a metric's period the alarm goes off; `says` is what the mail says. */
type Rule = { readonly metric: IMetric; readonly atLeast: number; readonly says: string }

type Rules = Readonly<Record<string, Rule>>

// With those of one API they come to ten metrics, and an account has ten alarm metrics for nothing.
export function createAlarms(scope: Construct, auth: AuthMetrics, functions: FunctionsByName): readonly Alarm[] {
  const ofFunctions = [...functions].flatMap(([name, handler]) => Object.entries(functionRules(name, handler, auth)))
  return [...ofFunctions, ...Object.entries(eventRules(auth))].map(([id, rule]) => createAlarm(scope, id, rule))
}

export const createAlarm = (scope: Construct, id: string, { metric, atLeast, says }: Rule): Alarm =>
  new Alarm(scope, id, {
    metric,
    threshold: atLeast,
    evaluationPeriods: 1,
    // Nothing is counted while nothing happens, and that is well.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${says} What to do: docs/operations.md, "${id}".`,
  })

// An answer of ours, even a 500, is no error of the function: these are crashes, time-outs and bad configuration.
function functionRules(name: string, handler: IFunction, auth: AuthMetrics): Rules {
  const errors = { metric: handler.metricErrors(), atLeast: 1 }
  const throttles = { metric: handler.metricThrottles(), atLeast: 1 }
  switch (name) {
    case 'login':
      return { LoginErrors: { ...errors, says: 'Log-in crashed or ran out of time.' } }
    case 'authorizer':
    case 'authorizerImmediate':
      return {
        AuthorizerErrors: {
          ...errors,
          metric: unwantedErrors(handler, auth),
          says: 'The authorizer crashed or ran out of time: callers got 500.',
        },
        AuthorizerThrottles: { ...throttles, says: 'Lambda had no room for the authorizer: callers got 500.' },
      }
    default:
      return {}
  }
}

// To a REST or WebSocket API the authorizer says 401 by an error, and anyone can have it do so.
const unwantedErrors = (authorizer: IFunction, auth: AuthMetrics): IMetric =>
  new MathExpression({
    label: 'Errors of the authorizer but for its 401',
    expression: 'errors - FILL(refusals, 0)',
    usingMetrics: { errors: authorizer.metricErrors(), refusals: eventCount(auth, 'UnauthorizedByError') },
  })

const eventRules = (auth: AuthMetrics): Rules => ({
  Faults: {
    metric: auth.metricFaults(),
    atLeast: 3,
    says: 'Endpoints of ours answered 500 or 503, three times or more in five minutes.',
  },
  TokenReuse: {
    metric: auth.metricTokenReuse(),
    atLeast: 1,
    says: 'A refresh token was used again after it had been exchanged; its session has ended.',
  },
  LoginLocks: {
    metric: auth.metricLoginLocks(),
    atLeast: 20,
    says: 'The throttle turned away 20 log-ins or more in five minutes.',
  },
  FailedLogins: {
    metric: failedShare(auth),
    atLeast: 50,
    says: 'Half of all log-ins or more failed in 15 minutes, and not less than 50.',
  },
})

// A share, so that it fits a small service and a big one; no share of a few, so that two typing errors are no attack.
const failedShare = (auth: AuthMetrics): IMetric =>
  new MathExpression({
    label: 'Log-ins that fail (%)',
    expression: 'IF(failures >= 50, 100 * failures / attempts, 0)',
    usingMetrics: { failures: auth.metricLoginFailures(), attempts: auth.metricLoginAttempts() },
    period: Duration.minutes(15),
  })
