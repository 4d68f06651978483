// What infra/synthesis/synthesise.ts does, of a stack that has functions of the owner's: one that knows the old system, one that
// writes the texts of mails, and one that adds claims to tokens.
import { join } from 'node:path'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { createApp } from '../../infra/create-app.ts'

const folders = { oldSystem: 'old-system', mailTexts: 'mail-texts', tokenClaims: 'token-claims' }

const [folder = '', context = ''] = process.argv.slice(2)
const app = await createApp(JSON.parse(context), { outdir: folder, target: 'localhost' })
const stack = app.node.findAll().find((node) => node instanceof Stack)
if (!stack) throw new Error('There is no stack.')
const role = new Role(stack, 'OwnersRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
for (const [name, code] of Object.entries(folders)) {
  const made = new LambdaFunction(stack, name, {
    code: Code.fromAsset(join(import.meta.dirname, code)),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(30),
    role,
  })
  const resource = made.node.defaultChild as CfnFunction
  resource.overrideLogicalId(name)
}
app.synth()
