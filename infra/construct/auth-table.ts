import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

type Action = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem'

/**
 * Which items of the table: those of the accounts, of their subjects (the sessions), of subjects that came from elsewhere,
 * of attempts to log in, and the key that hashes for the log.
 */
export const items = { users: 'USER#*', subjects: 'SUB#*', claims: 'CLAIM#*', throttle: 'THROTTLE#*', logKey: 'LOG' }

/** The one table. What must outlive its stack is also protected from deletion and can be taken back to any second of 35 days. */
export class AuthTable extends TableV2 {
  constructor(scope: Construct, id: string, removalPolicy: RemovalPolicy) {
    const lasting = removalPolicy !== RemovalPolicy.DESTROY
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: lasting },
      deletionProtection: lasting,
      removalPolicy,
    })
  }

  /** Lets the grantee do these actions on the items whose partition key fits the pattern, and on no others. */
  grantOn(keyPattern: string, { grantPrincipal }: IGrantable, ...actions: readonly Action[]): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keyPattern] } },
      }),
    )
  }

  /** Lets the grantee read the whole table: a scan has no partition key that a policy could ask about. */
  grantScan({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['dynamodb:Scan'], resources: [this.tableArn] }))
  }
}
