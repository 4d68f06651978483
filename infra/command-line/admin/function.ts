import type { Invocation, Log } from '../../local/lambda/lambda.ts'
import { openFunctions } from '../../local/open-functions.ts'
import { refuse } from '../../local/refusal.ts'
import type { Target } from './command-line.ts'

/** The admin function, wherever it is. */
type AdminFunction = AsyncDisposable & { readonly invoke: (payload: string) => Promise<Invocation> }

/** On localhost it is that of the server that runs with the data folder; without one it is started, and ends with this. */
export function openAdminFunction(target: Target, log: Log): Promise<AdminFunction> {
  return 'stack' in target ? openInStack(target.stack) : openLocally(target, log)
}

async function openLocally(target: Exclude<Target, { stack: string }>, log: Log): Promise<AdminFunction> {
  const functions = await openFunctions({ ...target, port: 3000 }, log)
  return {
    invoke: (payload) => functions.invoke('admin', payload),
    [Symbol.asyncDispose]: () => functions[Symbol.asyncDispose](),
  }
}

async function openInStack(stack: string): Promise<AdminFunction> {
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda')
  const FunctionName = await findAdminFunction(stack)
  // Once: a command that got through without an answer must not be given again.
  const client = new LambdaClient({ maxAttempts: 1 })
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

async function findAdminFunction(stack: string): Promise<string> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
  const { Stacks = [] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: stack }))
  const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'AdminFunctionName')
  return output?.OutputValue ?? refuse(`The stack ${stack} has no output AdminFunctionName: it is none of Latchkey.`)
}
