import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, devNull } from 'node:os'
import { join } from 'node:path'
import { createTemporaryFolder } from '../../synthesis/temporary-folder.ts'
import { awsError } from '../aws/aws-api.ts'
import { createPool } from './lambda-pool.ts'
import { type Invocation, startSandbox, unreadableAnswer } from './lambda-sandbox.ts'
import { createTurns } from './turns.ts'

export type { Invocation }

/** Receives the lines that a function writes, and what the local account has to say; `source` names the writer. */
export type Log = (source: string, line: string) => void

type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export type LocalFunction = {
  readonly name: string
  readonly codeDirectory: string
  /** Its code, where the template holds it: then there is no folder. */
  readonly inline?: string
  /** Folders that Lambda would put together in /opt. */
  readonly layers?: readonly string[]
  /** @default 'nodejs24.x' */
  readonly runtime?: string
  readonly handler: string
  readonly timeout: number
  readonly memory: number
  readonly environment: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly region: string
}

/** Invokes a function by its name or its ARN. Rejects with an AwsError for an unknown function or too big a payload. */
export type Invoke = (functionName: string, payload: string) => Promise<Invocation>

export type Lambda = { readonly invoke: Invoke; readonly close: () => Promise<void> }

export type LambdaOptions = {
  readonly endpoint: string
  readonly account: string
  readonly log: Log
  /** Other addresses, by the variables of the environment in which the SDK finds them. */
  readonly variables?: Readonly<Record<string, string>>
  /** Folders from which the AWS SDK is found, as Lambda offers it. @default none: a bundle must hold what it needs */
  readonly sdkFrom?: readonly string[]
}

const payloadLimit = 6 * 1024 * 1024

/** What AWS sets and a template may not. */
function reservedVariables(function_: LocalFunction, endpoint: string, taskRoot: string): Record<string, string> {
  const { name, handler, memory, region, credentials } = function_
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${function_.runtime ?? 'nodejs24.x'}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    // Without these two the SDK looks into the developer's home, HOME or no HOME.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  }
}

function refuseReserved(function_: LocalFunction): void {
  const reserved = reservedVariables(function_, '', '')
  const clash = Object.keys(function_.environment).filter((name) => name in reserved)
  if (clash.length === 0) return
  throw new Error(`Function ${function_.name} sets variables that Lambda reserves: ${clash.join(', ')}.`)
}

function limitResponse(invocation: Invocation): Invocation {
  if (Buffer.byteLength(invocation.payload) <= payloadLimit) return invocation
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${payloadLimit} bytes).`
  const payload = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage })
  return { ...invocation, payload, functionError: 'Unhandled' }
}

/** One line, as AWS writes it to the log of the function; undefined where the sandbox has written it already. */
function failureLine({ payload, functionError }: Invocation): string | undefined {
  if (!functionError) return undefined
  const { errorType, errorMessage, trace } = JSON.parse(payload)
  if (errorType === unreadableAnswer) return undefined
  // The function's own error has a trace; what the sandbox says of it has only a sentence.
  return trace === undefined ? errorMessage : `ERROR Invoke Error ${payload}`
}

function copyCode({ codeDirectory, inline, layers = [] }: LocalFunction, directory: string) {
  const copy = (from: string, to: string) => cpSync(from, to, { recursive: true, dereference: true })
  if (inline === undefined) copy(codeDirectory, directory)
  else {
    mkdirSync(directory)
    writeFileSync(join(directory, 'index.js'), inline)
  }
  const optional = `${directory}.opt`
  for (const layer of layers) copy(layer, optional)
  return { directory, layers: layers.length > 0 ? [join(optional, 'nodejs')] : [] }
}

/** Each function runs in a copy of its bundle outside the project, so that what the bundle lacks is missing here too. */
export function createLambda(functions: readonly LocalFunction[], options: LambdaOptions): Lambda {
  const { endpoint, account, log, variables = {}, sdkFrom = [] } = options
  functions.forEach(refuseReserved)
  const folder = createTemporaryFolder()
  const arnOf = ({ region, name }: LocalFunction) => `arn:aws:lambda:${region}:${account}:function:${name}`
  // AWS has a processor for each sandbox that starts. Here more starts than processors would only make each other late.
  const startInTurn = createTurns(Math.max(2, availableParallelism()))
  const createFunctionPool = (function_: LocalFunction) => {
    const { name, memory, timeout } = function_
    const { directory, layers } = copyCode(function_, join(folder, name))
    const functionArn = arnOf(function_)
    const reserved = reservedVariables(function_, endpoint, directory)
    const environment = { ...variables, ...function_.environment, ...reserved }
    const logLine = (line: string) => log(name, line)
    const modules = layers.length + sdkFrom.length > 0 ? { layers, sdkFrom } : undefined
    const sandbox = { directory, environment, functionArn, memory, timeout, log: logLine, ...(modules && { modules }) }
    return createPool(() => startSandbox(sandbox), startInTurn)
  }
  const pools = new Map(functions.map((function_) => [function_.name, createFunctionPool(function_)]))
  const names = new Map(functions.map((function_) => [arnOf(function_), function_.name]))

  return {
    async invoke(functionName, payload) {
      const name = names.get(functionName) ?? functionName
      const pool = pools.get(name)
      if (!pool) throw awsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404)
      if (Buffer.byteLength(payload) > payloadLimit) {
        throw awsError('RequestTooLargeException', `Request must be smaller than ${payloadLimit} bytes`, 413)
      }
      const invocation = limitResponse(await pool.invoke(payload))
      const line = failureLine(invocation)
      if (line === undefined) return invocation
      log(name, line)
      return { ...invocation, log: [invocation.log, line].filter(Boolean).join('\n') }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
