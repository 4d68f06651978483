import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/**
 * Where alarms go. SNS keeps a message on encrypted disks until it is delivered. A KMS key would double the cost at rest,
 * to protect the name of an alarm that is then sent as a plain mail.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string) {
    super(scope, id, { displayName: Stack.of(scope).stackName, enforceSSL: true })
    // A topic with a policy of its own has no default one, so CloudWatch is named, with alarms of this account only.
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }
    this.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }))
  }
}
