import * as v from 'valibot'
import * as ranges from '../../../functions/domain/setting-rules.ts'
import { allowedCertificate, allowedIssuer, isIssuerOf, mayBeSame, placeOf } from '../domain/domain-rules.ts'
import { allowedIdentity, allowedPlace, identityIn, isOfIdentity } from '../mail/mail-rules.ts'
import {
  accentColor,
  accountId,
  certificateArn,
  choice,
  domainName,
  email,
  flag,
  functionArn,
  generationList,
  headerList,
  hostedZoneId,
  identityArn,
  integer,
  issuerUrl,
  line,
  logo,
  methodList,
  originList,
  passkeyOriginList,
  plainAddress,
  regionName,
  retentionDays,
  retiredList,
  rpId,
  seconds,
  secondsOr,
  show,
  stackName,
  viewerAddress,
  wordList,
} from './setting-schemas.ts'

const day = 86_400

// What `domain/scopes` calls so: OpenID Connect Core section 5.4 and 11.
const identityScopes = ['openid', 'profile', 'email', 'offline_access']

export const defaultStage = 'sandbox'
export const defaultServiceName = 'Latchkey'

/** A setting is one line here; one that the construct takes is also one line, with its meaning, in TokenAuthProps. */
const entries = {
  stage: v.optional(choice('sandbox', 'prod'), defaultStage),
  name: v.optional(stackName),
  account: v.optional(accountId),
  region: v.optional(regionName),
  domainName: v.optional(domainName),
  certificateArn: v.optional(certificateArn),
  hostedZoneId: v.optional(hostedZoneId),
  issuer: v.optional(issuerUrl),
  audience: v.optional(line(1, 256)),
  clients: v.optional(wordList('client ids', 1), 'web'),
  scopes: v.optional(wordList('scopes', 0), ''),
  serviceName: v.optional(line(1, 64), defaultServiceName),
  accessTokenLifetime: v.optional(seconds(ranges.accessTokenLifetime), 900),
  refreshGrace: v.optional(secondsOr(ranges.refreshGrace, ranges.untilUsed), 60),
  sessionIdleLimit: v.optional(seconds(ranges.sessionIdleLimit), 30 * day),
  sessionLimit: v.optional(seconds(ranges.sessionLimit), 90 * day),
  sessionsPerUser: v.optional(integer(ranges.sessionsPerUser), 50),
  revocation: v.optional(choice('lifetime', 'immediate'), 'lifetime'),
  authorizer: v.optional(choice('lambda', 'native'), 'lambda'),
  authorizerCache: v.optional(seconds({ min: 0, max: 3600 }), 60),
  selfRegistration: v.optional(flag, false),
  migration: v.optional(functionArn),
  emailFrom: v.optional(plainAddress),
  emailReplyTo: v.optional(plainAddress),
  emailIdentityArn: v.optional(identityArn),
  mailHook: v.optional(functionArn),
  secondFactor: v.optional(choice(...ranges.secondFactorPolicies), 'off'),
  rpId: v.optional(rpId),
  passkeyOrigins: v.optional(passkeyOriginList, ''),
  signInPages: v.optional(flag, false),
  logo: v.optional(logo),
  accentColor: v.optional(accentColor),
  minimumPasswordLength: v.optional(integer(ranges.minimumPasswordLength), 15),
  accountFailures: v.optional(integer(ranges.accountFailures), 10),
  addressFailures: v.optional(integer(ranges.addressFailures), 1000),
  viewerAddress: v.optional(viewerAddress),
  loginConcurrency: v.optional(integer({ min: 0, max: 1000 }), 0),
  generations: v.optional(generationList, '1'),
  signingGeneration: v.optional(v.string()),
  retire: v.optional(retiredList, ''),
  deletionProtection: v.optional(flag, false),
  corsOrigins: v.optional(originList, ''),
  corsMethods: v.optional(methodList, 'GET,POST,DELETE'),
  corsHeaders: v.optional(headerList, 'authorization,content-type'),
  logRetention: v.optional(retentionDays, 30),
  alarmEmail: v.optional(email),
}

// A pipe has no more than twenty parts.
const withPages = v.pipe(
  v.object(entries),
  v.forward(
    v.partialCheck(
      [['scopes'], ['signInPages']],
      ({ scopes, signInPages }) => !signInPages || !scopes.some((scope) => identityScopes.includes(scope)),
      `none of ${identityScopes.join(', ')}, which every client may ask for with signInPages`,
    ),
    ['scopes'],
  ),
  v.forward(
    v.partialCheck(
      [['signInPages'], ['logo']],
      ({ signInPages, logo }) => signInPages || logo === undefined,
      'only together with signInPages',
    ),
    ['logo'],
  ),
  v.forward(
    v.partialCheck(
      [['signInPages'], ['accentColor']],
      ({ signInPages, accentColor }) => signInPages || accentColor === undefined,
      'only together with signInPages',
    ),
    ['accentColor'],
  ),
)

const schema = v.pipe(
  withPages,
  v.forward(
    v.partialCheck(
      [['generations'], ['signingGeneration']],
      ({ generations, signingGeneration }) =>
        signingGeneration === undefined || generations.some(({ name }) => name === signingGeneration),
      'one of the generations',
    ),
    ['signingGeneration'],
  ),
  v.forward(
    v.partialCheck(
      [['authorizer'], ['revocation']],
      ({ authorizer, revocation }) => authorizer === 'lambda' || revocation === 'lifetime',
      "lambda with immediate revocation, because API Gateway's own does not see that a session has ended",
    ),
    ['authorizer'],
  ),
  v.forward(
    v.partialCheck(
      [['domainName'], ['certificateArn']],
      ({ domainName, certificateArn }) => domainName === undefined || certificateArn !== undefined,
      'the ARN of a certificate for domainName, in the account and Region of the stack',
    ),
    ['certificateArn'],
  ),
  v.forward(
    v.partialCheck(
      [['domainName'], ['certificateArn']],
      ({ domainName, certificateArn }) => domainName !== undefined || certificateArn === undefined,
      'only together with domainName',
    ),
    ['certificateArn'],
  ),
  v.forward(
    v.partialCheck(
      [['domainName'], ['hostedZoneId']],
      ({ domainName, hostedZoneId }) => domainName !== undefined || hostedZoneId === undefined,
      'only together with domainName',
    ),
    ['hostedZoneId'],
  ),
  v.forward(
    v.partialCheck(
      [['certificateArn'], ['account'], ['region']],
      ({ certificateArn, ...place }) => certificateArn === undefined || mayBeSame(placeOf(certificateArn), place),
      allowedCertificate,
    ),
    ['certificateArn'],
  ),
  v.forward(
    v.partialCheck(
      [['domainName'], ['issuer']],
      ({ domainName, issuer }) => domainName === undefined || issuer === undefined || isIssuerOf(domainName, issuer),
      allowedIssuer,
    ),
    ['issuer'],
  ),
  v.forward(
    v.partialCheck(
      [['emailFrom'], ['emailReplyTo']],
      ({ emailFrom, emailReplyTo }) => emailFrom !== undefined || emailReplyTo === undefined,
      'only together with emailFrom',
    ),
    ['emailReplyTo'],
  ),
  v.forward(
    v.partialCheck(
      [['emailFrom'], ['emailIdentityArn']],
      ({ emailFrom, emailIdentityArn }) => emailFrom !== undefined || emailIdentityArn === undefined,
      'only together with emailFrom',
    ),
    ['emailIdentityArn'],
  ),
  v.forward(
    v.partialCheck(
      [['emailFrom'], ['mailHook']],
      ({ emailFrom, mailHook }) => emailFrom !== undefined || mailHook === undefined,
      'only together with emailFrom',
    ),
    ['mailHook'],
  ),
  v.forward(
    v.partialCheck(
      [['emailFrom'], ['emailIdentityArn']],
      ({ emailFrom, emailIdentityArn = '' }) => {
        const identity = identityIn(emailIdentityArn)
        return emailFrom === undefined || !identity || isOfIdentity(emailFrom, identity)
      },
      allowedIdentity,
    ),
    ['emailIdentityArn'],
  ),
  v.forward(
    v.partialCheck(
      [['emailIdentityArn'], ['account'], ['region']],
      ({ emailIdentityArn, ...place }) => emailIdentityArn === undefined || mayBeSame(placeOf(emailIdentityArn), place),
      allowedPlace,
    ),
    ['emailIdentityArn'],
  ),
  v.forward(
    v.partialCheck(
      [['secondFactor'], ['rpId']],
      ({ secondFactor, rpId }) => secondFactor !== 'off' || rpId === undefined,
      'only where secondFactor is optional or required',
    ),
    ['rpId'],
  ),
  v.forward(
    v.partialCheck(
      [['secondFactor'], ['passkeyOrigins']],
      ({ secondFactor, passkeyOrigins }) => secondFactor !== 'off' || passkeyOrigins.length === 0,
      'only where secondFactor is optional or required',
    ),
    ['passkeyOrigins'],
  ),
  v.forward(
    v.partialCheck(
      [['clients'], ['audience'], ['issuer']],
      ({ clients, audience, issuer }) => !clients.some((id) => id === audience || id === issuer),
      'no client id that is the audience or the issuer, so that no token is taken for another kind',
    ),
    ['clients'],
  ),
  // A new generation is published before anyone signs with it, so the first one signs unless a setting says otherwise.
  v.transform(({ signingGeneration, ...rest }) => ({
    ...rest,
    signingGeneration: signingGeneration ?? (rest.generations[0]?.name as string),
  })),
  v.readonly(),
)

type ClientMetadata = Readonly<Record<string, unknown>>

export type Settings = v.InferOutput<typeof schema> & {
  /** The objects among `clients`: metadata of RFC 7591, which is checked where they are registered. */
  readonly registeredClients: readonly ClientMetadata[]
}

/**
 * Reads the settings from CDK's context, or from the construct's props, and fills in the defaults.
 * @throws Error that names every unknown or invalid setting, with what is allowed.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const unknown = Object.keys(context).filter((name) => !Object.hasOwn(entries, name) && !isCdkName(name))
  const { context: plain, registeredClients } = setClientsApart(context)
  const result = v.safeParse(schema, plain)
  if (result.success && unknown.length === 0) return { ...result.output, registeredClients }
  const known = `unknown; the settings are ${Object.keys(entries).join(', ')}`
  const problems = [
    ...(unknown.length > 0 ? [`${unknown.join(', ')}: ${known}`] : []),
    ...(result.issues ?? []).filter(isFirstOfSetting).map(explain),
  ]
  throw new Error(['Invalid settings:', ...problems].join('\n  '))
}

/** The clients that are objects. Names stay; a list without names says nothing about log-in. */
function setClientsApart(context: Readonly<Record<string, unknown>>) {
  const listed = readList(context['clients'])
  const registeredClients = (listed ?? []).filter(isObject)
  if (!listed || registeredClients.length === 0) return { context, registeredClients: [] }
  const { clients: _, ...rest } = context
  const names = listed.filter((client) => !isObject(client))
  return { context: { ...rest, ...(names.length > 0 && { clients: names }) }, registeredClients }
}

// `-c` gives the JSON of a list as text.
function readList(clients: unknown): readonly unknown[] | undefined {
  if (Array.isArray(clients)) return clients
  if (typeof clients !== 'string' || !clients.trimStart().startsWith('[')) return undefined
  try {
    return JSON.parse(clients)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is ClientMetadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// CDK's own context names contain an @ or a colon, except this one.
function isCdkName(name: string): boolean {
  return /[@:]/.test(name) || name === 'cli-telemetry'
}

type Issue = v.InferIssue<typeof schema>

const settingOf = ({ path }: Issue) => path?.[0]?.key

// A value that is wrong by itself may not fit the others either, and says nothing new by that.
const isFirstOfSetting = (issue: Issue, index: number, issues: readonly Issue[]): boolean =>
  issues.findIndex((other) => settingOf(other) === settingOf(issue)) === index

function explain({ path, message }: Issue): string {
  const [{ key, value } = { key: 'context', value: undefined }] = path ?? []
  return value === undefined ? `${key}: ${message}, but it is missing` : `${key}: ${message}, not ${show(value)}`
}
