import { CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks } from 'cdk-nag'
import { createApp } from './create-app.ts'

const app = await createApp()
// CDK's own type of its plugin does not hold under exactOptionalPropertyTypes.
const cloudFormation = new CloudFormationValidatePlugin() as IPolicyValidationPlugin
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), cloudFormation)
