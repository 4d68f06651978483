import type { Assembly } from '../synthesis/assembly.ts'
import { createAwsEndpoint, type Principal } from './aws/aws-endpoint.ts'
import { createMails, type Mails } from './aws/mails.ts'
import { endpointVariable } from './aws/unserved.ts'
import type { HttpApi } from './gateway/http-api.ts'
import { provideCustomResource } from './lambda/custom-resource.ts'
import {
  createLambda,
  type Invoke,
  type Lambda,
  type LambdaOptions,
  type LocalFunction,
  type Log,
} from './lambda/lambda.ts'
import { refuse } from './refusal.ts'
import type { StackOptions } from './template/parts.ts'
import { type LocalStack, readStack } from './template/stack.ts'

/** A stack that is deployed on this machine for as long as nobody disposes of it. */
export type LocalAccount = AsyncDisposable & {
  /** The API with the log-in. */
  readonly api: HttpApi
  /** Each stage of each API. */
  readonly apis: readonly HttpApi[]
  readonly functionNames: readonly string[]
  readonly invoke: Invoke
  /** Where its AWS services are. */
  readonly aws: string
  /** What it was asked to send; undefined where the stack has nothing to send from. */
  readonly mails: Mails | undefined
}

export type AccountOptions = Pick<StackOptions, 'endpoint' | 'endpoints' | 'leaveOut' | 'values' | 'parameter'> &
  Pick<LambdaOptions, 'variables' | 'sdkFrom'> & {
    readonly data: string
    /** Who may call its services besides the functions. */
    readonly principals: readonly Principal[]
    readonly log: Log
  }

/** Deploys a stack here: tables and keys, then custom resources, then all functions. */
export async function openAccount(assembly: Assembly, options: AccountOptions): Promise<LocalAccount> {
  await using started = new AsyncDisposableStack()
  const { data, log, variables = {}, sdkFrom = [] } = options
  const provided = new Map<string, Readonly<Record<string, unknown>>>()
  const stack = readStack({ ...options, ...assembly, provided })
  let lambda: Lambda | undefined
  const invoke: Invoke = async (name, payload) => (lambda ?? refuse('No function is there yet.')).invoke(name, payload)

  const principals = [...stack.principals, ...options.principals]
  const mails = createMails(data)
  const aws = await createAwsEndpoint({ ...stack, ...stack.place, data, mails, principals, invoke, log })
  started.defer(aws.close)
  // The SDK takes the address of a queue for the address of SQS, and no call may reach a real account.
  const queues = variables[endpointVariable('sqs')] ?? aws.url
  const readFunction = (name: string) => withQueuesAt(queues, stack.readFunction(name))
  const lambdaOptions = { endpoint: aws.url, account: stack.place.account, log, variables, sdkFrom }
  await provide(stack, provided, (name) => createLambda([readFunction(name)], lambdaOptions))
  lambda = createLambda(stack.functionNames.map(readFunction), lambdaOptions)
  started.defer(lambda.close)
  const running = started.move()
  return {
    api: stack.apis[0] ?? refuse('The stack has no HTTP API.'),
    apis: stack.apis,
    functionNames: stack.functionNames,
    invoke,
    aws: aws.url,
    mails: stack.identities.length > 0 ? mails : undefined,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function withQueuesAt(address: string, { environment, ...function_ }: LocalFunction): LocalFunction {
  const variables = Object.entries(environment).map(([name, value]) => [
    name,
    value.replaceAll(/https:\/\/sqs\.[\w-]+\.amazonaws\.com(?=\/)/g, address),
  ])
  return { ...function_, environment: Object.fromEntries(variables) }
}

// A provider's own variables cannot wait for what it provides, so it runs before the other functions can be read.
// Each start is a first deployment to it: nothing of the local account but its data outlives a start.
async function provide(
  stack: LocalStack,
  provided: Map<string, Readonly<Record<string, unknown>>>,
  start: (name: string) => Lambda,
): Promise<void> {
  for (const logicalId of stack.customResourceIds) {
    const resource = stack.readCustomResource(logicalId)
    const provider = start(String(resource.properties['ServiceToken']).replace(/^.*:/, ''))
    try {
      provided.set(logicalId, (await provideCustomResource(resource, provider.invoke)).data)
    } finally {
      await provider.close()
    }
  }
}
