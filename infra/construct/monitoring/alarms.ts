import { Alarm, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { AlarmSpec } from '../function-spec.ts'
import type { LambdaFunction } from '../lambda-function.ts'
import type { MailSender } from '../mail/mail-sender.ts'
import type { AuthMetrics } from './auth-metrics.ts'
import { eventCount, isCounted } from './event-counts.ts'

/** The alarm goes off when the metric reaches `atLeast` within its period; `says` is what the mail says. */
type Rule = { readonly metric: IMetric; readonly atLeast: number; readonly says: string }

type Rules = Readonly<Record<string, Rule>>

// With those of one API they come to 14 metrics, of which ten are free in each account; with mail to 20, with claims to
// one more.
export function createAlarms(
  scope: Construct,
  auth: AuthMetrics,
  functions: readonly LambdaFunction[],
  mail: MailSender | undefined,
  hasClaims = false,
): readonly Alarm[] {
  const byUrl = isCounted(functions, 'FailedClientMetadata') && metadataRules(auth)
  const others = Object.entries({
    ...eventRules(auth),
    ...byUrl,
    ...(hasClaims && claimsRules(auth)),
    ...(mail && mailRules(mail, auth)),
  })
  return [...createFunctionAlarms(scope, auth, functions), ...others.map(([id, rule]) => createAlarm(scope, id, rule))]
}

/** The alarms that the specs of functions name. `owner` is what the functions are in. */
export const createFunctionAlarms = (
  scope: Construct,
  owner: Construct,
  functions: readonly LambdaFunction[],
): readonly Alarm[] =>
  functions.flatMap((handler) =>
    (handler.spec.alarms ?? []).map((alarm) => createAlarm(scope, alarm.id, ruleOf(handler, alarm, owner))),
  )

export const createAlarm = (scope: Construct, id: string, { metric, atLeast, says }: Rule): Alarm =>
  new Alarm(scope, id, {
    metric,
    threshold: atLeast,
    evaluationPeriods: 1,
    // While nothing happens nothing is counted, and all is well.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${says} What to do: docs/operations.md, "${id}".`,
  })

// A response, even a 500, does not count as an error of the function: errors are crashes, time-outs, bad configuration.
function ruleOf(handler: LambdaFunction, { on, says }: AlarmSpec, owner: Construct): Rule {
  switch (on) {
    case 'errors':
      return { metric: handler.metricErrors(), atLeast: 1, says }
    case 'errors except 401':
      return { metric: unwantedErrors(handler, owner), atLeast: 1, says }
    case 'throttles':
      return { metric: handler.metricThrottles(), atLeast: 1, says }
    case 'dropped events':
      return { metric: handler.metric('AsyncEventsDropped', { statistic: 'Sum' }), atLeast: 1, says }
  }
}

// The authorizer answers 401 to REST and WebSocket APIs by an error, which anyone can cause.
const unwantedErrors = (authorizer: LambdaFunction, owner: Construct): IMetric =>
  new MathExpression({
    label: 'Errors of the authorizer except its 401',
    expression: 'errors - FILL(refusals, 0)',
    usingMetrics: { errors: authorizer.metricErrors(), refusals: eventCount(owner, 'UnauthorizedByError') },
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
    says: 'A refresh token or a code was used again after it had been exchanged; its session has ended.',
  },
  LoginLocks: {
    metric: auth.metricLoginLocks(),
    atLeast: 20,
    says: 'The throttle turned away 20 log-ins or more in five minutes.',
  },
  WrongPasswords: {
    metric: auth.metricWrongPasswords({ period: Duration.hours(1) }),
    atLeast: 300,
    says: 'There were 300 wrong passwords or more in an hour.',
  },
  UnknownNames: {
    metric: auth.metricUnknownNames({ period: Duration.hours(1) }),
    atLeast: 300,
    says: 'There were 300 log-ins or more in an hour with names that no account has.',
  },
  SessionRetries: {
    metric: auth.metricSessionRetries({ period: Duration.hours(1) }),
    atLeast: 30,
    says: 'Refreshes were retried late 30 times or more in an hour.',
  },
  RefusedClients: {
    metric: auth.metricRefusedClients({ period: Duration.hours(1) }),
    atLeast: 100,
    says: 'Clients failed to prove who they are 100 times or more in an hour.',
  },
  FailedLogins: {
    metric: failedShare(auth),
    atLeast: 50,
    says: 'Half of all log-ins or more failed in 15 minutes, and not less than 50.',
  },
})

// The app of one maker whose host is down is no alarm; many failures are a host that is, or somebody who looks for holes.
const metadataRules = (auth: AuthMetrics): Rules => ({
  FailedClientMetadata: {
    metric: auth.metricFailedClientMetadata({ period: Duration.hours(1) }),
    atLeast: 50,
    says: 'Documents of clients by URL could not be read 50 times or more in an hour.',
  },
})

// Nobody logs in while it fails, so the first one counts.
const claimsRules = (auth: AuthMetrics): Rules => ({
  FailedClaims: {
    metric: auth.metricFailedClaims(),
    atLeast: 1,
    says: 'The function of `claims` failed, and somebody did not get a token.',
  },
})

// A share, so that it fits a small service and a big one; only of many, so that two typing errors are not an attack.
const failedShare = (auth: AuthMetrics): IMetric =>
  new MathExpression({
    label: 'Log-ins that fail (%)',
    expression: 'IF(failures >= 50, 100 * failures / attempts, 0)',
    usingMetrics: { failures: auth.metricLoginFailures(), attempts: auth.metricLoginAttempts() },
    period: Duration.minutes(15),
  })

// SES reviews an account at 5 % bounces and 0.1 % complaints. A complaint may come days after its mail, so a day may have
// complaints and no mails.
const mailRules = (mail: MailSender, auth: AuthMetrics): Rules => ({
  FailedMails: {
    metric: auth.metricFailedMails(),
    atLeast: 3,
    says: 'SES did not take three mails or more in five minutes.',
  },
  MailBounces: {
    metric: shareOfMails(
      mail,
      'Mails that bounce (%)',
      'IF(found >= 5, 100 * found / FILL(mails, 1), 0)',
      'metricBounces',
    ),
    atLeast: 3,
    says: 'Of the mails of a day, 3 % or more bounced, and not less than five.',
  },
  MailComplaints: {
    metric: shareOfMails(mail, 'Mails that are called spam (%)', '100 * found / FILL(mails, 1)', 'metricComplaints'),
    atLeast: 0.05,
    says: 'Recipients marked 0.05 % or more of the mails of a day as spam.',
  },
})

function shareOfMails(
  mail: MailSender,
  label: string,
  expression: string,
  metric: 'metricBounces' | 'metricComplaints',
): IMetric {
  const period = Duration.days(1)
  return new MathExpression({
    label,
    expression,
    usingMetrics: { found: mail[metric](), mails: mail.metricMails() },
    period,
  })
}
