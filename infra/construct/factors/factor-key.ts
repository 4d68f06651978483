import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'

type FactorKeyProps = { readonly removalPolicy: RemovalPolicy }

/** The KMS key that encrypts TOTP secrets. Without it nobody can log in by TOTP, so it is kept as the accounts are. */
export class FactorKey extends Construct {
  readonly keyId: string
  private readonly keyArn: string

  constructor(scope: Construct, id: string, { removalPolicy }: FactorKeyProps) {
    super(scope, id)
    const { keyId, keyArn } = new Key(this, 'Resource', {
      description: 'Encrypts the TOTP secrets of second factors',
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy,
    })
    this.keyId = keyId
    this.keyArn = keyArn
  }

  /** Allows the grantee to encrypt what it binds to a subject. */
  grantEncrypt(grantee: IGrantable): void {
    this.grant(grantee, 'kms:Encrypt')
  }

  /** Allows the grantee to decrypt what is bound to the subject that it names. */
  grantDecrypt(grantee: IGrantable): void {
    this.grant(grantee, 'kms:Decrypt')
  }

  // By the names in the context and not by kms:EncryptionContext:sub, which ignores case and cannot refuse more names.
  // "For all values" also holds for a request without a context, so its presence is required.
  private grant({ grantPrincipal }: IGrantable, action: string): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [action],
        resources: [this.keyArn],
        conditions: {
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['sub'] },
          Null: { 'kms:EncryptionContextKeys': 'false' },
        },
      }),
    )
  }
}
