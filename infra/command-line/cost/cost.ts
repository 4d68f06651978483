import type { Plan } from './plan.ts'
import { prices } from './prices.ts'
import { type Usage, usageOf, work } from './usage.ts'

/** US dollars a month, by item. */
export type Cost = Readonly<Record<Item, number>>

export const items = [
  'HTTP API',
  'authorizer',
  'log-in and refresh',
  'DynamoDB',
  'signing keys',
  'second factors',
  'sign-in pages',
  'logs',
  'mail',
  'alarms, metrics, dashboard',
] as const

type Item = (typeof items)[number]

/** What a month costs in which protected routes are called so often. */
export function costOf(calls: number, plan: Plan): Cost {
  const usage = usageOf(calls, plan)
  const { logins, refreshes, authorizations } = usage
  return {
    'HTTP API': millions(calls + logins + refreshes) * prices.httpApiMillion,
    authorizer: lambda(authorizations, plan.authorizer, work.authorizerSeconds),
    'log-in and refresh':
      lambda(logins, plan.login, work.loginSeconds) + lambda(refreshes, plan.token ?? 0, work.refreshSeconds),
    DynamoDB: dynamoDb(usage, plan),
    'signing keys':
      plan.keys * prices.kmsKey + ((logins + refreshes) / 10_000) * prices.kmsTenThousandSigns[plan.keySpec],
    'second factors': plan.factorKeys * prices.kmsKey + totpSteps(usage.totpLogins, plan),
    'sign-in pages': signInPages(usage, plan),
    logs: logs(usage, plan),
    mail: mailing(usage, 'newer'),
    'alarms, metrics, dashboard':
      plan.alarmMetrics * prices.alarmMetric +
      plan.dashboards * prices.dashboard +
      // A metric costs in the hours in which it has data.
      (calls > 0 ? plan.metrics * prices.metric : 0),
  }
}

/** What SES asks for mails, by the price list of the account. */
export const mailing = ({ mails }: Usage, account: keyof typeof prices.sesThousandMails): number =>
  (mails / 1000) * prices.sesThousandMails[account]

const millions = (count: number): number => count / 1_000_000
const gigabytes = (bytes: number): number => bytes / 2 ** 30

const lambda = (calls: number, memory: number, seconds: number): number =>
  millions(calls) * prices.lambdaMillion + calls * memory * seconds * prices.lambdaGigabyteSecond

function dynamoDb({ logins, refreshes }: Usage, { backups }: Plan): number {
  const reads = logins * work.loginReads + refreshes * work.refreshReads
  const writes = logins * work.loginWrites + refreshes * work.refreshWrites
  const kept = prices.dynamoDbGigabyte + (backups ? prices.dynamoDbBackupGigabyte : 0)
  return readsAndWrites(reads, writes) + gigabytes(logins * work.bytesOfALogin) * kept
}

/** What a sign-in costs more where it is on pages: every log-in, as far as this knows. */
function signInPages({ logins }: Usage, { authorize, keySpec }: Plan): number {
  if (authorize === undefined) return 0
  return (
    millions(logins * work.signInRequests) * prices.httpApiMillion +
    lambda(logins * work.signInRequests, authorize, work.signInSeconds) +
    readsAndWrites(logins * work.signInReads, logins * work.signInWrites) +
    ((logins * work.signInSignatures) / 10_000) * prices.kmsTenThousandSigns[keySpec]
  )
}

const readsAndWrites = (reads: number, writes: number): number =>
  millions(reads) * prices.dynamoDbMillionReads + millions(writes) * prices.dynamoDbMillionWrites

// The second request of a log-in with TOTP: all that it asks for.
const totpSteps = (count: number, plan: Plan): number =>
  millions(count) * prices.httpApiMillion +
  lambda(count, plan.login, work.totpSeconds) +
  readsAndWrites(count * work.totpReads, count * work.totpWrites) +
  (count / 10_000) * prices.kmsTenThousandDecrypts +
  logged(count * (work.accessLogBytes + work.functionLogBytes), plan)

// One line of the gateway for every request, and one of the function where one of ours was called.
function logs({ calls, logins, refreshes, authorizations }: Usage, plan: Plan): number {
  const tokens = logins + refreshes
  return logged((calls + tokens) * work.accessLogBytes + (authorizations + tokens) * work.functionLogBytes, plan)
}

const logged = (bytes: number, { logDays }: Plan): number =>
  gigabytes(bytes) * (prices.logsGigabyteIn + prices.logsGigabyteKept * (logDays / 30))
