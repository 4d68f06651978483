import type { LocalAccount } from '../../local/account.ts'
import type { Invoke, Log } from '../../local/lambda/lambda.ts'
import { localPlace } from '../../local/template/physical-ids.ts'
import { administratorSecret } from './administrator.ts'
import { findServer, type RunningServer } from './server-file.ts'

/** What all commands on localhost take. */
export type LocalOptions = {
  readonly port: number
  /** The folder of the local account. */
  readonly data: string
  /** CDK context: settings by their names. */
  readonly context: Readonly<Record<string, string>>
}

export type Functions = Pick<LocalAccount, 'functionNames' | 'invoke'> & AsyncDisposable

/** The functions of the server that runs with the data folder, or those of an account that is opened for the purpose. */
export async function openFunctions({ data, context, port }: LocalOptions, log: Log): Promise<Functions> {
  const server = await findServer(data)
  if (server) return connect(server, log)
  // CDK and the local account take longer to load than an invocation takes.
  const { openOwnStack } = await import('./open-own-stack.ts')
  return openOwnStack({ data, context, port }, log)
}

async function connect(
  { aws, accessKeyId, functionNames, adminFunction }: RunningServer,
  log: Log,
): Promise<Functions> {
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda')
  const credentials = { accessKeyId, secretAccessKey: administratorSecret }
  const client = new LambdaClient({ endpoint: aws, region: localPlace.region, credentials, maxAttempts: 1 })
  const invoke: Invoke = async (name, payload) => {
    const FunctionName = name === 'admin' ? (adminFunction ?? name) : name
    const command = new InvokeCommand({ FunctionName, Payload: Buffer.from(payload), LogType: 'Tail' })
    const { Payload, FunctionError, LogResult } = await client.send(command)
    for (const line of decode(LogResult).split('\n').filter(Boolean)) log(name, line)
    const answer = Buffer.from(Payload ?? []).toString()
    return FunctionError ? { payload: answer, functionError: 'Unhandled' } : { payload: answer }
  }
  return { functionNames, invoke, [Symbol.asyncDispose]: async () => client.destroy() }
}

const decode = (base64 = '') => Buffer.from(base64, 'base64').toString()
