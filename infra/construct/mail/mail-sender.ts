import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IHostedZone } from 'aws-cdk-lib/aws-route53'
import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  type IEmailIdentity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses'
import { CfnOutput, CfnResource, type RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { DomainOptions } from '../domain/domain-options.ts'
import type { EmailOptions } from './email-options.ts'
import { refuseImpossibleSender } from './mail-problems.ts'
import { domainOf } from './mail-rules.ts'
import { zoneOf } from './mail-zone.ts'

type MailSenderProps = EmailOptions & {
  readonly removalPolicy: RemovalPolicy
  readonly domain?: Pick<DomainOptions, 'name' | 'hostedZone'> | undefined
}

// SES puts this tag on every mail that names a configuration set.
const dimensionName = 'ses:configuration-set'

/** What mails are sent by: an identity in SES, and a configuration set that asks for TLS and counts what becomes of them. */
export class MailSender extends Construct {
  /** The address that mails come from. */
  readonly from: string
  /** The identity in SES that the address belongs to. */
  readonly identity: IEmailIdentity
  /** A mail has to name it, or the function may not send it. */
  readonly configurationSetName: string
  private grantee: IGrantable | undefined

  /** @throws Error that names everything that cannot be deployed, with what is allowed. */
  constructor(auth: Construct, { removalPolicy, domain, ...options }: MailSenderProps) {
    super(auth, 'Mail')
    refuseImpossibleSender(this, options)
    this.from = options.from
    this.identity = options.identity ?? createIdentity(this, options, zoneOf(options, domain), removalPolicy)
    this.configurationSetName = createConfigurationSet(this)
    tellOfSandbox(auth)
  }

  /**
   * Allows one function to send mails, from this address only and only by this configuration set.
   * @throws Error for a second function.
   * @internal
   */
  grantSend(grantee: IGrantable): void {
    if (this.grantee) throw new Error(`${this.node.path}: another function sends the mails already.`)
    this.grantee = grantee
    const service = 'ses'
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [
          this.identity.emailIdentityArn,
          Stack.of(this).formatArn({
            service,
            resource: 'configuration-set',
            resourceName: this.configurationSetName,
          }),
        ],
        conditions: { StringEquals: { 'ses:FromAddress': this.from } },
      }),
    )
  }

  /** Mails that SES took. A sum over five minutes unless the options say otherwise, as are the others. */
  metricMails(options?: MetricOptions): Metric {
    return this.metric('Send', options)
  }

  /** Mails that the recipient's server refused for good, or for so long that SES gave up. */
  metricBounces(options?: MetricOptions): Metric {
    return this.metric('Bounce', options)
  }

  /** Mails that a recipient marked as spam. */
  metricComplaints(options?: MetricOptions): Metric {
    return this.metric('Complaint', options)
  }

  private metric(metricName: string, options?: MetricOptions): Metric {
    const dimensionsMap = { [dimensionName]: this.configurationSetName }
    return new Metric({ namespace: 'AWS/SES', metricName, dimensionsMap, statistic: 'Sum', ...options })
  }
}

/**
 * An identity is verified by DNS records that no deployment brings back, and others in the account may send from it too, so
 * it and its records are kept as the table is.
 */
function createIdentity(
  scope: Construct,
  { from }: EmailOptions,
  hostedZone: IHostedZone | undefined,
  removalPolicy: RemovalPolicy,
): IEmailIdentity {
  // Not `Identity.publicHostedZone`: the domain may be below that of the zone, whose name need not be known.
  const identity = new EmailIdentity(scope, 'Identity', {
    identity: { value: domainOf(from), ...(hostedZone && { hostedZone }) },
  })
  for (const node of identity.node.findAll()) if (node instanceof CfnResource) node.applyRemovalPolicy(removalPolicy)
  if (!hostedZone) tellOfRecords(scope.node.scope ?? scope, from, identity)
  return identity
}

// Without a name of its own, so that a stack that is made again never meets the name of the one before.
function createConfigurationSet(scope: Construct): string {
  const configurationSet = new ConfigurationSet(scope, 'ConfigurationSet', {
    tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    reputationMetrics: true,
    sendingEnabled: true,
  })
  const { configurationSetName: defaultValue } = configurationSet
  // Metrics need no function that listens. Opens and clicks are not among the events, so nothing in a mail is changed.
  configurationSet.addEventDestination('Counts', {
    destination: EventDestination.cloudWatchDimensions([
      { source: CloudWatchDimensionSource.MESSAGE_TAG, name: dimensionName, defaultValue },
    ]),
    events: [
      EmailSendingEvent.SEND,
      EmailSendingEvent.BOUNCE,
      EmailSendingEvent.COMPLAINT,
      EmailSendingEvent.REJECT,
      EmailSendingEvent.DELIVERY_DELAY,
    ],
  })
  return defaultValue
}

function tellOfRecords(auth: Construct, from: string, { dkimRecords }: EmailIdentity): void {
  for (const [index, { name, value }] of dkimRecords.entries()) {
    new CfnOutput(auth, `DkimRecord${index + 1}`, {
      value: `${name} CNAME ${value}`,
      description: `One of three DNS records to make: until all are there, no mail is sent from ${domainOf(from)}`,
    })
  }
}

// Whether an account is in the sandbox is not in any template.
function tellOfSandbox(auth: Construct): void {
  new CfnOutput(auth, 'MailProductionAccess', {
    value: `aws sesv2 get-account --region ${Stack.of(auth).region} --query ProductionAccessEnabled`,
    description:
      'While this command says false, SES mails verified addresses only: ask for production access (docs/mail.md)',
  })
}
