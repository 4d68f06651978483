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
  const find = (name: string) => findFunction(resources, name)
  const login = required(find('login'), 'log-in')
  const [token, authorize] = [find('token'), find('authorize')]
  const allKeys = ofType('AWS::KMS::Key')
  const signingKeys = allKeys.filter(({ Properties }) => Properties['KeyUsage'] === 'SIGN_VERIFY')
  const key = required(signingKeys[0], 'key')
  const counts = ofType('AWS::Logs::MetricFilter').map(({ Properties }) =>
    JSON.stringify(Properties['MetricTransformations']),
  )
  return {
    authorizer: gigabytes(required(find('authorizer'), 'authorizer')),
    login: gigabytes(login),
    token: token && gigabytes(token),
    authorizerCache: Number(
      required(ofType('AWS::ApiGatewayV2::Authorizer')[0], 'authorizer').Properties['AuthorizerResultTtlInSeconds'],
    ),
    accessTokenLifetime: Number(variables(login)['ACCESS_TOKEN_LIFETIME']),
    keys: signingKeys.length,
    keySpec: key.Properties['KeySpec'] as Plan['keySpec'],
    factorKeys: allKeys.length - signingKeys.length,
    authorize: authorize && gigabytes(authorize),
    logDays: Number(required(ofType('AWS::Logs::LogGroup')[0], 'log').Properties['RetentionInDays']),
    backups: JSON.stringify(ofType('AWS::DynamoDB::GlobalTable')).includes('"PointInTimeRecoveryEnabled":true'),
    sendsMail: ofType('AWS::SES::ConfigurationSet').length > 0,
    metrics: new Set(counts).size + ofType('AWS::SES::ConfigurationSetEventDestination').flatMap(mailMetricsOf).length,
    alarmMetrics: ofType('AWS::CloudWatch::Alarm').flatMap(metricsOf).length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
  }
}

/**
 * Our stack has the names themselves, a stack of the owner's what CDK makes of them. A function of the owner's may end so too,
 * but all of these of ours know the issuer or the table.
 * @throws Error where there are several, as in a stack with several `TokenAuth`s
 */
function findFunction(resources: Readonly<Record<string, Resource>>, name: string): Resource | undefined {
  const made = new RegExp(`${name}[0-9A-F]{8}$`)
  const [found, ...more] = Object.entries(resources)
    .filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && (id === name || made.test(id)))
    .map(([, resource]) => resource)
    .filter((resource) => ['ISSUER', 'TABLE_NAME'].some((variable) => variable in variables(resource)))
  if (more.length > 0)
    throw new Error(`The stack has several functions ${name}: the cost of one TokenAuth is estimated.`)
  return found
}

function required(resource: Resource | undefined, what: string): Resource {
  if (!resource) throw new Error(`The stack has no ${what}, so its cost cannot be estimated.`)
  return resource
}

const gigabytes = ({ Properties }: Resource): number => Number(Properties['MemorySize']) / 1024

const variables = ({ Properties }: Resource): Readonly<Record<string, unknown>> =>
  Object(Object(Properties['Environment']).Variables)

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
