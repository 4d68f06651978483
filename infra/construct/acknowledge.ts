import * as core from 'aws-cdk-lib/core'
import type { IConstruct } from 'constructs'

/**
 * Tells checks of the owner's why something of ours is as it is. cdk-nag 3 reads CDK's own list, which older versions of CDK
 * do not have; cdk-nag 2 reads the metadata of a resource.
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  const { Validations } = core as Partial<Pick<typeof core, 'Validations'>>
  Validations?.of(construct).acknowledge({ id, reason })
  const resource = core.CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild
  if (!core.CfnResource.isCfnResource(resource)) return
  const { rules_to_suppress: before = [] } = Object(resource.getMetadata('cdk_nag'))
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...before, { id, reason }] })
}
