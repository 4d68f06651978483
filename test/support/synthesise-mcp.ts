// What infra/local/synthesise.ts does, of a stack with the MCP server of the documentation.
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import { TokenAuth } from '../../infra/construct/token-auth.ts'
import { createApp } from '../../infra/create-app.ts'
import { addMcpServer } from '../example/mcp-resource.ts'

const [folder = '', context = ''] = process.argv.slice(2)
const app = await createApp(JSON.parse(context), { outdir: folder, target: 'localhost' })
const nodes = app.node.findAll()
const api = nodes.find((node) => node instanceof HttpApi)
const auth = nodes.find((node) => node instanceof TokenAuth)
if (!(api && auth)) throw new Error('The stack has no API or no TokenAuth.')
addMcpServer(api, auth, String(app.node.tryGetContext('mcp:code')), true)
// The local account knows no managed policies: this one lets the function write its log.
for (const node of app.node.findAll())
  if (node instanceof CfnRole && node.managedPolicyArns) node.addPropertyDeletionOverride('ManagedPolicyArns')
app.synth()
