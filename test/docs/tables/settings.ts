import { readSettings, type Settings } from '../../../infra/construct/settings/settings.ts'
import { listItem } from './blocks.ts'

/** What each setting is for. A setting without a line here does not compile. */
const meanings: Readonly<Record<Exclude<keyof Settings, 'registeredClients'>, string>> = {
  stage: 'A sandbox is deleted completely with its stack; in prod table, keys and logs stay.',
  name: "A name at the end of the stack's, for several stacks of one stage in an account.",
  account: 'The AWS account. Without it, the one that the credentials belong to.',
  region: 'The AWS Region. Without it, the one that the credentials point to.',
  domainName: 'A [domain of your own](domain.md) for the API, which then is the issuer.',
  certificateArn: 'The certificate of that domain.',
  hostedZoneId: 'The zone that gets the DNS records of that domain. Without it, outputs say which records to make.',
  issuer: "`iss` of tokens. Without it, the address of the domain or the API's own URL.",
  audience: '`aud` of tokens. Without it, the issuer.',
  clients:
    'The client ids that may log in. The first one is used where a log-in names none. Objects are [registered clients](clients.md).',
  scopes: 'The scopes that an administrator can give to users.',
  resources: 'The [APIs besides this one](resources.md) that tokens can be for, each with its scopes if you like.',
  serviceName: 'The name of your service, by which mails call it. It is refused as a password.',
  accessTokenLifetime: 'How long an access token is valid.',
  refreshGrace:
    'How long a refresh token that was just used gets the same successor again; `until-used`: until the successor is used; 0: never.',
  sessionIdleLimit: 'How long a session lives without a refresh.',
  sessionLimit: 'How long a session lives at most.',
  sessionsPerUser: 'How many sessions a user may have. One more ends the oldest.',
  revocation: '[How long a log-out takes](sessions.md#how-long-does-a-log-out-take).',
  authorizer: "`native` is [API Gateway's own](native-authorizer.md).",
  authorizerCache: "How long API Gateway caches the authorizer's response to a token; 0: not at all.",
  selfRegistration: 'Whether anyone may register at `POST /register`. New accounts have no scopes.',
  migration: 'A function of yours that is asked about [people who are unknown here](migration.md).',
  emailFrom: 'The address that [mails](mail.md) come from. Without it no mail is sent.',
  emailReplyTo: 'Where answers to mails go. Without it, to `emailFrom`.',
  emailIdentityArn: 'An identity in SES that `emailFrom` belongs to. Without it, one is made for its domain.',
  mailHook: 'A function of yours that writes the texts of [mails](mail.md).',
  claims: 'A function of yours that adds [claims](claims.md) to the access tokens of people.',
  claimsAtRefresh: 'Ask `claims` at each refresh too. Otherwise a session keeps the claims of its start.',
  secondFactor: 'Whether people can or must have a second factor or a passkey.',
  rpId: 'The name that [passkeys](domain.md#passkeys) are bound to forever. Without it, the domain, or the host of the issuer.',
  passkeyOrigins: 'The origins of your own pages that use passkeys; the issuer is always one.',
  signInPages: 'Whether people can [sign in on pages](sign-in.md) of this service, for registered clients.',
  clientsByUrl:
    "Whose URLs may be [client ids](clients.md#clients-by-url), as agents have them: hosts, or `all`. Without it, nobody's. Only with `signInPages`.",
  logo: 'The logo on the pages, in place of the name. It is served at `/logo`.',
  accentColor: 'The colour of links and buttons on the pages; dark pages get a lighter tint of it. Without it, a blue.',
  minimumPasswordLength:
    'The least number of characters of a new password; fewer than 15 with a warning in prod, unless `secondFactor` is required.',
  accountFailures: 'How many wrong passwords in a row lock an account; 0: never, with a warning in prod.',
  addressFailures: 'How many log-ins one address may try in 15 minutes; 0: no limit, with a warning in prod.',
  viewerAddress: 'Where a proxy such as CloudFront [says who called it](cloudfront.md).',
  loginConcurrency:
    'How many calls each function that hashes passwords may run at once, reserved for it; 0: nothing is reserved.',
  generations: 'The names of the signing keys whose tokens are accepted: see [key rotation](key-rotation.md).',
  signingGeneration: 'The generation that signs. Without it, the first.',
  retire: 'The generations that a deployment of prod [may drop](key-rotation.md), and the domain.',
  deletionProtection:
    'Whether table and stack are protected from deletion; turn it on [after the first deployment](recovery.md).',
  corsMethods: 'The methods that pages of those origins may use.',
  corsHeaders: 'The headers that those pages may send.',
  corsOrigins: 'The origins of pages that may call the API.',
  logRetention: 'How many days logs are kept.',
  alarmEmail: 'The address that gets mail about alarms.',
}

/** Every setting with its default and what is allowed, as the code says it. */
export function writeSettings(): string {
  const defaults: Readonly<Record<string, unknown>> = readSettings({})
  return Object.entries(meanings)
    .map(([name, meaning]) =>
      listItem(`**\`${name}\`**${defaultOf(defaults[name])}. ${meaning} Allowed: ${allowedFor(name)}.`),
    )
    .join('\n')
}

// A generation is written by its name.
const textOf = (value: unknown): string => (typeof value === 'object' ? Object(value).name : String(value))

function defaultOf(value: unknown): string {
  const text = [value ?? []].flat().map(textOf).join(' ')
  return text === '' ? ', no default' : `, default \`${text}\``
}

// A control character is allowed in no setting, and the refusal says what is.
function allowedFor(name: string): string {
  const refusal = refusalOf({ [name]: '\0' })
  const allowed = new RegExp(`\\b${name}: (.*), not "`).exec(refusal)?.[1]
  if (!allowed) throw new Error(`${name} is not refused with what is allowed: ${refusal}`)
  return allowed
}

function refusalOf(context: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(readSettings(context))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}
