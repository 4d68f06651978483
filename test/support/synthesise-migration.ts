// What infra/local/synthesise.ts does, of a stack that has the owner's function which knows the old system.
import { join } from 'node:path'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { createApp } from '../../infra/create-app.ts'

const [folder = '', context = ''] = process.argv.slice(2)
const app = await createApp(JSON.parse(context), { outdir: folder, target: 'localhost' })
const stack = app.node.findAll().find((node) => node instanceof Stack)
if (!stack) throw new Error('There is no stack.')
const role = new Role(stack, 'OldSystemRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
const oldSystem = new LambdaFunction(stack, 'oldSystem', {
  code: Code.fromAsset(join(import.meta.dirname, 'old-system')),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
  timeout: Duration.seconds(30),
  role,
})
const resource = oldSystem.node.defaultChild as CfnFunction
resource.overrideLogicalId('oldSystem')
app.synth()
