import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IHostedZone } from 'aws-cdk-lib/aws-route53'
import type { IEmailIdentity } from 'aws-cdk-lib/aws-ses'

/** Who mails come from, and what may send them. */
export type EmailOptions = {
  /**
   * The address that mails come from, such as `no-reply@example.com`. The name beside it in a mailbox is `serviceName`, so
   * it is an address without a name.
   */
  readonly from: string
  /**
   * Where an answer to a mail goes: an address without a name.
   * @default - to `from`
   */
  readonly replyTo?: string | undefined
  /**
   * The identity in SES that `from` belongs to: that address, its domain or a domain above it, in the account and Region of
   * the stack. `EmailIdentity.fromEmailIdentityArn` finds one that exists.
   * @default - one is made for the domain of `from`, which fails where SES has one already
   */
  readonly identity?: IEmailIdentity | undefined
  /**
   * The public zone that gets the DKIM records of an identity that is made here. A zone by its id alone will do.
   * @default - the zone of the `domain` where it is sure to contain the domain of `from`; otherwise outputs of the stack say
   * which records to make
   */
  readonly hostedZone?: IHostedZone | undefined
  /**
   * A function of yours that writes the texts of mails, with the event of Cognito's custom message trigger. See
   * docs/mail.md.
   * @default - the texts of the package
   */
  readonly hook?: IFunction | undefined
}
