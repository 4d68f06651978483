import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { IHostedZone } from 'aws-cdk-lib/aws-route53'

/** A domain of the owner's for the API with log-in. */
export type DomainOptions = {
  /** Such as `auth.example.com`, in lower case. Tokens say `https://auth.example.com` in `iss`. */
  readonly name: string
  /** A certificate for the name in AWS Certificate Manager, in the account and Region of the stack. */
  readonly certificate: ICertificate
  /**
   * The public zone that gets the A and AAAA records of the name. A zone of which only the id is known will do.
   * @default - no records: outputs of the stack say where the name has to point to
   */
  readonly hostedZone?: IHostedZone | undefined
}
