import type { Assembly } from './assembly.ts'
import { createAwsEndpoint, type Principal } from './aws/aws-endpoint.ts'
import { createMails, type Mails } from './aws/mails.ts'
import type { HttpApi } from './gateway/http-api.ts'
import { provideCustomResource } from './lambda/custom-resource.ts'
import { createLambda, type Invoke, type Lambda, type Log } from './lambda/lambda.ts'
import { refuse } from './refusal.ts'
import { account, region } from './template/physical-ids.ts'
import { type LocalStack, readStack } from './template/stack.ts'

/** A stack that is deployed on this machine for as long as nobody disposes of it. */
export type LocalAccount = AsyncDisposable & {
  readonly api: HttpApi
  readonly functionNames: readonly string[]
  readonly invoke: Invoke
  /** Where its AWS services are. */
  readonly aws: string
  /** What it was asked to send; undefined where the stack has nothing to send from. */
  readonly mails: Mails | undefined
}

export type AccountOptions = {
  readonly data: string
  /** Where the HTTP API is reached. */
  readonly endpoint: string
  /** Who may call its services besides the functions. */
  readonly principals: readonly Principal[]
  readonly log: Log
}

/** Deploys a stack here: tables and keys, then custom resources, then all functions. */
export async function openAccount(
  assembly: Assembly,
  { endpoint, log, ...options }: AccountOptions,
): Promise<LocalAccount> {
  await using started = new AsyncDisposableStack()
  const provided = new Map<string, Readonly<Record<string, unknown>>>()
  const stack = readStack({ ...assembly, endpoint, provided }, assembly.assetFolder)
  let lambda: Lambda | undefined
  const invoke: Invoke = async (name, payload) => (lambda ?? refuse('No function is there yet.')).invoke(name, payload)

  const principals = [...stack.principals, ...options.principals]
  const mails = createMails(options.data)
  const aws = await createAwsEndpoint({ ...options, ...stack, mails, principals, region, account, invoke, log })
  started.defer(aws.close)
  const lambdaOptions = { endpoint: aws.url, account, log }
  await provide(stack, provided, (name) => createLambda([stack.readFunction(name)], lambdaOptions))
  lambda = createLambda(stack.functionNames.map(stack.readFunction), lambdaOptions)
  started.defer(lambda.close)
  const running = started.move()
  return {
    api: stack.api,
    functionNames: stack.functionNames,
    invoke,
    aws: aws.url,
    mails: stack.identities.length > 0 ? mails : undefined,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
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
