import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import type { ViewerAddress } from '../../functions/domain/setting-rules.ts'
import type { DomainOptions } from './domain/domain-options.ts'
import type { EmailOptions } from './mail/email-options.ts'

/** Everything may be left out; leaving out means the strict thing. A number in place of a Duration is in seconds. */
export type TokenAuthProps = {
  /**
   * A domain of your own for the API that `addAuthRoutes` is given, which then is the only one. It is mapped at the root,
   * is the issuer, and API Gateway's own address of the API is closed.
   * @default - the API has only API Gateway's own address
   */
  readonly domain?: DomainOptions | undefined
  /**
   * What tokens say in `iss`, and where their verifiers look for the keys: an https URL without trailing slash. With a
   * `domain` it may only be API Gateway's own address, which then stays open, while a live stack moves to the domain.
   * @default - the address of the domain, or the endpoint of the first API that `addAuthRoutes` is given
   */
  readonly issuer?: string | undefined
  /**
   * What tokens say in `aud`: the name of the API that they are for.
   * @default - the issuer
   */
  readonly audience?: string | undefined
  /**
   * The client ids that may log in. The first one is taken where a log-in names none. Objects are clients of the code flow,
   * with the metadata of RFC 7591: as `addClient` registers them.
   * @default ['web']
   */
  readonly clients?: readonly (string | Readonly<Record<string, unknown>>)[]
  /**
   * The scopes that an admin can give to users.
   * @default []
   */
  readonly scopes?: readonly string[]
  /**
   * The service's name, by which mails call it. It is refused as a password.
   * @default 'Latchkey'
   */
  readonly serviceName?: string
  /**
   * How long an access token is good, 1 minute to 1 hour.
   * @default Duration.minutes(15)
   */
  readonly accessTokenLifetime?: Duration | number
  /**
   * How long after a refresh the same refresh token gets the same successor again, 0 to 1 hour, or `until-used`: until
   * the successor is used, for phones that lose a response and then sleep. A token used later than that counts as stolen
   * and ends the session, as does the fourth retry in 24 hours. With 0 there are no retries.
   * @default Duration.minutes(1)
   */
  readonly refreshGrace?: Duration | number | 'until-used'
  /**
   * How long a session lives without a refresh, 1 minute to 365 days.
   * @default Duration.days(30)
   */
  readonly sessionIdleLimit?: Duration | number
  /**
   * How long a session lives at all, 1 minute to 365 days.
   * @default Duration.days(90)
   */
  readonly sessionLimit?: Duration | number
  /**
   * How many sessions a user may have at a time, 1 to 200. One more ends the one whose log-in is longest ago.
   * @default 50
   */
  readonly sessionsPerUser?: number
  /**
   * When the access tokens of an ended session end: after their `lifetime`, or `immediate`ly, apart from the time that
   * `authorizerCache` adds. Immediate revocation costs one read of the table per token and cache time.
   * @default 'lifetime'
   */
  readonly revocation?: 'lifetime' | 'immediate'
  /**
   * How long API Gateway may use the authorizer's last answer for a token again, 0 to 1 hour. A token can outlive its end
   * by as much. 0 asks the authorizer each time.
   * @default Duration.minutes(1)
   */
  readonly authorizerCache?: Duration | number
  /**
   * Whether anyone may create an account for themselves. It has no scope until an administrator grants some.
   * @default false
   */
  readonly selfRegistration?: boolean
  /**
   * A function of yours that is asked when an unknown name logs in: it has the event of Cognito's user
   * migration trigger, and the account of those it confirms is created at once. See docs/migration.md.
   * @default - nobody is asked
   */
  readonly migration?: IFunction
  /**
   * What mails come from. With it an identity in SES is made, unless one is given, and a configuration set. See
   * docs/mail.md for what is left to do after the deployment.
   * @default - no mail is sent
   */
  readonly email?: EmailOptions | undefined
  /**
   * Whether people can (`optional`) or must (`required`) have a second factor or a passkey.
   * @default 'off'
   */
  readonly secondFactor?: 'off' | 'optional' | 'required'
  /**
   * The name that passkeys are bound to forever (WebAuthn's RP ID): the host of the domain, or a domain above it, such as
   * `example.com`, so that pages of other hosts below it can use them too. Decide before the first passkey.
   * @default - the name of the domain, or the host of the issuer
   */
  readonly rpId?: string | undefined
  /**
   * The origins of your own pages that use passkeys, such as `https://app.example.com`: their hosts are the RP ID or below
   * it. The issuer's is always among them.
   * @default []
   */
  readonly passkeyOrigins?: readonly string[]
  /**
   * Whether people can sign in on pages of this service: it becomes an authorization server of OAuth 2.1 and OpenID Connect,
   * with /authorize, /userinfo and /logout, for the clients that are registered. See docs/sign-in.md.
   * @default false
   */
  readonly signInPages?: boolean
  /**
   * The logo on the pages, in place of the name: the path of an SVG or PNG file of at most 32 KB, from the working
   * directory, as those of CDK's assets. It is served at /logo.
   * @default - the pages have the name of the service
   */
  readonly logo?: string | undefined
  /**
   * The colour of links and buttons on the pages, as `#rrggbb`. Its contrast to white is at least 4.5:1; dark pages have a
   * lighter tint of it.
   * @default - a blue
   */
  readonly accentColor?: string | undefined
  /**
   * The fewest characters of a new password, 8 to 256. Fewer than 15 are enough only where a second factor is required.
   * @default 15
   */
  readonly minimumPasswordLength?: number
  /**
   * How many wrong passwords in a row lock an account, 1 to 50: for 30 s at first, 40 s longer after each further one,
   * a day after the fiftieth. 0 lets anyone guess forever.
   * @default 10
   */
  readonly accountFailures?: number
  /**
   * How many passwords may be tried from one address (IPv6: from one /64) in a quarter of an hour. Right ones count too,
   * because taking them back would cost every log-in a write. The default is more than an office behind one address needs.
   * 0 sets no limit.
   * @default 1000
   */
  readonly addressFailures?: number
  /**
   * Where a proxy in front of the API, such as CloudFront, says who called it: attempts are counted on that address. The
   * header counts only in a request that also has the proxy's secret in `secretHeader`; `secretHash` is the secret's
   * SHA-256 in hex, so that the template holds no secret.
   * @default - the address that API Gateway sees
   */
  readonly viewerAddress?: ViewerAddress | undefined
  /**
   * How many calls each function that hashes passwords (log-in, password change, registration) may work on at once, so
   * that a flood of them cannot take the concurrency that the authorizer needs: reserved for each of them, 1 to 1000. 0
   * reserves nothing. AWS refuses it where fewer than 100 would be left for all other functions of the account.
   * @default 0
   */
  readonly loginConcurrency?: number
  /**
   * The names of the signing keys whose tokens are accepted. A new name makes a new key, an RSA_2048 one unless the name
   * says otherwise (`2:RSA_3072`); a name that is left out ends the tokens of its key. AWS refuses to change the kind of a
   * key that exists.
   * @default ['1']
   */
  readonly generations?: readonly string[]
  /**
   * The one of the generations that signs.
   * @default - the first one
   */
  readonly signingGeneration?: string
  /**
   * The generations and the name of a domain that a deployment may drop. Unless keys are destroyed with their stack, a
   * deployment that drops any other fails, and so does one that drops the generation that signs.
   * @default []
   */
  readonly retire?: readonly string[]
  /**
   * Whether the table is protected from deletion. A first deployment that fails can only be repeated without it, so turn
   * it on afterwards.
   * @default false
   */
  readonly deletionProtection?: boolean
  /**
   * What becomes of table, keys and logs when the stack goes. Unless they are destroyed with it, the table is also
   * backed up continuously.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy
  /**
   * How long the functions' logs are kept, in days.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays
  /**
   * Whether there are alarms and a dashboard. Past the first ten alarms and three dashboards of an account they cost
   * about $4 a month. The metrics are there either way.
   * @default true
   */
  readonly monitoring?: boolean
  /**
   * Where a mail goes when an alarm goes off. AWS first asks the address whether it wants them.
   * @default - nowhere: alarms are seen only in the console
   */
  readonly alarmEmail?: string | undefined
  /**
   * A topic of your own that alarms are sent to. CloudWatch must be allowed to publish there.
   * @default - one is made where `alarmEmail` is set
   */
  readonly alarmTopic?: ITopic
}
