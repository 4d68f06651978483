import type { Invocation, Log } from '../../local/lambda/lambda.ts'
import { refuse } from '../../local/refusal.ts'
import { openFunctions } from '../server/open-functions.ts'
import type { Target } from './command-line.ts'

/** The admin function, wherever it is. */
type AdminFunction = AsyncDisposable & { readonly invoke: (payload: string) => Promise<Invocation> }

/** On localhost it belongs to the server that uses the data folder; without a server it is started and ends with the command. */
export async function openAdminFunction(target: Target, log: Log): Promise<AdminFunction> {
  if ('stack' in target) return openInAws(await findAdminFunction(target.stack))
  return 'functionName' in target ? openInAws(target.functionName) : openLocally(target, log)
}

async function openLocally(target: Extract<Target, { data: string }>, log: Log): Promise<AdminFunction> {
  const functions = await openFunctions({ ...target, port: 3000 }, log)
  return {
    invoke: (payload) => functions.invoke('admin', payload),
    [Symbol.asyncDispose]: () => functions[Symbol.asyncDispose](),
  }
}

async function openInAws(FunctionName: string): Promise<AdminFunction> {
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda')
  // Once: a command that got through without an answer must not be given again.
  const client = new LambdaClient({ ...region(), maxAttempts: 1 })
  return {
    invoke: async (payload) => {
      const command = new InvokeCommand({ FunctionName, Payload: Buffer.from(payload) })
      const { Payload, FunctionError } = await client.send(command)
      const answer = Buffer.from(Payload ?? []).toString()
      return FunctionError ? { payload: answer, functionError: 'Unhandled' } : { payload: answer }
    },
    [Symbol.asyncDispose]: async () => client.destroy(),
  }
}

// The SDK reads AWS_REGION and the profile; the AWS CLI and CDK read AWS_DEFAULT_REGION too.
function region() {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  return !AWS_REGION && AWS_DEFAULT_REGION ? { region: AWS_DEFAULT_REGION } : {}
}

async function findAdminFunction(stack: string): Promise<string> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
  const { Stacks = [] } = await new CloudFormationClient(region()).send(new DescribeStacksCommand({ StackName: stack }))
  const found = Stacks[0]?.Outputs?.filter(({ OutputKey }) => OutputKey?.includes('AdminFunctionName')) ?? []
  const [name, ...more] = found.flatMap(({ OutputValue }) => OutputValue ?? [])
  if (name === undefined)
    return refuse(`The stack ${stack} has no output AdminFunctionName: it is not a Latchkey stack.`)
  if (more.length > 0) refuse(`The stack ${stack} has several admin functions: choose one by --function NAME.`)
  return name
}
