type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

/** What a template says of the things that cost. Memory in gigabytes, times in seconds. */
export type Plan = {
  readonly authorizer: number
  readonly login: number
  /** Undefined where there is no refresh. */
  readonly token: number | undefined
  readonly authorizerCache: number
  readonly accessTokenLifetime: number
  readonly keys: number
  readonly keySpec: 'RSA_2048' | 'RSA_3072'
  /** Keys of TOTP secrets: one where there are second factors. */
  readonly factorKeys: number
  /** Log-ins with TOTP in a month, whatever the calls are. @default every log-in */
  readonly totpLogins?: number | undefined
  /** The memory of the function of /authorize; undefined where there are no sign-in pages. */
  readonly authorize: number | undefined
  readonly logDays: number
  readonly backups: boolean
  readonly sendsMail: boolean
  /** In a month, whatever the calls are. @default one for so many log-ins */
  readonly mails?: number | undefined
  readonly metrics: number
  readonly alarmMetrics: number
  readonly dashboards: number
}

/** Reads a synthesised stack. @throws Error where it lacks what every stack of ours has. */
export function readPlan(resources: Readonly<Record<string, Resource>>): Plan {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type)
  const login = required(resources['login'], 'log-in')
  const authorizer = resources['authorizer']
  const allKeys = ofType('AWS::KMS::Key')
  const signingKeys = allKeys.filter(({ Properties }) => Properties['KeyUsage'] === 'SIGN_VERIFY')
  const key = required(signingKeys[0], 'key')
  const counts = ofType('AWS::Logs::MetricFilter').map(({ Properties }) =>
    JSON.stringify(Properties['MetricTransformations']),
  )
  return {
    authorizer: gigabytes(required(authorizer, 'authorizer')),
    login: gigabytes(login),
    token: resources['token'] && gigabytes(resources['token']),
    authorizerCache: Number(
      required(ofType('AWS::ApiGatewayV2::Authorizer')[0], 'authorizer').Properties['AuthorizerResultTtlInSeconds'],
    ),
    accessTokenLifetime: Number(variables(login)['ACCESS_TOKEN_LIFETIME']),
    keys: signingKeys.length,
    keySpec: key.Properties['KeySpec'] as Plan['keySpec'],
    factorKeys: allKeys.length - signingKeys.length,
    authorize: resources['authorize'] && gigabytes(resources['authorize']),
    logDays: Number(required(ofType('AWS::Logs::LogGroup')[0], 'log').Properties['RetentionInDays']),
    backups: JSON.stringify(ofType('AWS::DynamoDB::GlobalTable')).includes('"PointInTimeRecoveryEnabled":true'),
    sendsMail: ofType('AWS::SES::ConfigurationSet').length > 0,
    metrics: new Set(counts).size + ofType('AWS::SES::ConfigurationSetEventDestination').flatMap(mailMetricsOf).length,
    alarmMetrics: ofType('AWS::CloudWatch::Alarm').flatMap(metricsOf).length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
  }
}

function required(resource: Resource | undefined, what: string): Resource {
  if (!resource) throw new Error(`The stack has no ${what}, so its cost cannot be estimated.`)
  return resource
}

const gigabytes = ({ Properties }: Resource): number => Number(Properties['MemorySize']) / 1024

const variables = ({ Properties }: Resource): Readonly<Record<string, unknown>> =>
  (Properties['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> }).Variables

// An alarm is paid for by the metrics that it reads.
function metricsOf({ Properties }: Resource): readonly unknown[] {
  const queries = Properties['Metrics'] as readonly { readonly MetricStat?: object }[] | undefined
  return queries ? queries.filter(({ MetricStat }) => MetricStat) : [Properties['MetricName']]
}

// SES adds the shares of bounces and complaints, as the configuration set asks for.
const mailMetricsOf = ({ Properties: { EventDestination } }: Resource): readonly unknown[] => [
  ...Object(EventDestination).MatchingEventTypes,
  'bounce rate',
  'complaint rate',
]
