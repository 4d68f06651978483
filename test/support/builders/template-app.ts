import { App } from 'aws-cdk-lib/core'

/** An app of which only the templates are looked at: not CloudFormation's rules, the copies of the code, or CDK's tree. */
export const templateApp = (): App =>
  new App({
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    context: { 'aws:cdk:disable-asset-staging': true },
  })
