import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Invocation, Invoke, Log } from '../lambda/lambda.ts'
import { type Account, type Api, type ApiAnswer, type ApiCall, awsError } from './aws-api.ts'

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/
const known: Readonly<Record<string, readonly unknown[]>> = {
  InvocationType: [undefined, 'RequestResponse', 'Event'],
  LogType: [undefined, 'None', 'Tail'],
}
const tailLength = 4096
// Of a payload that waits, 1 MB.
const eventLimit = 1024 * 1024

/** Invoke speaks REST: its parameters come in the path, the query and the headers, its payload is the body. */
export function readInvokeParameters(
  url: string,
  headers: Readonly<Record<string, unknown>>,
): ApiCall['parameters'] | undefined {
  const [matched, functionName = '', query] = path.exec(url) ?? []
  if (!matched) return undefined
  return {
    FunctionName: decodeURIComponent(functionName),
    InvocationType: headers['x-amz-invocation-type'],
    LogType: headers['x-amz-log-type'],
    ClientContext: headers['x-amz-client-context'],
    TenantId: headers['x-amz-tenant-id'],
    DurableExecutionName: headers['x-amz-durable-execution-name'],
    Query: query,
  }
}

function readPayload(body: Buffer): string {
  const payload = body.toString() || '{}'
  try {
    JSON.parse(payload)
    return payload
  } catch (error) {
    throw awsError('InvalidRequestContentException', `Could not parse request body into json: ${error}`)
  }
}

function headersOf({ functionError, log = '' }: Invocation, tail: boolean): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'x-amz-executed-version': '$LATEST',
    ...(functionError && { 'x-amz-function-error': functionError }),
    ...(tail && { 'x-amz-log-result': Buffer.from(log).subarray(-tailLength).toString('base64') }),
  }
}

type LambdaApiOptions = Account & { readonly invoke: Invoke; readonly log: Log }

/** Lambda with one operation, Invoke, which waits for the answer, or for an `Event` only until it is accepted. */
export function createLambdaApi({ region, account, invoke, log }: LambdaApiOptions): Api {
  const arnOf = (name: string) =>
    name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`
  const accept = async (name: string, payload: string): Promise<ApiAnswer> => {
    if (Buffer.byteLength(payload) > eventLimit) {
      throw awsError('RequestTooLargeException', `Request must be smaller than ${eventLimit} bytes`, 413)
    }
    const running = invoke(name, payload)
    // An unknown function is refused at once.
    await Promise.race([running, nextTurn()])
    running
      .then(({ functionError }) => functionError && log('lambda', `${name} failed at an event, which is not repeated.`))
      .catch((error: Error) => log('lambda', `${name} did not get an event: ${error.message}`))
    return { status: 202, headers: {}, body: '' }
  }
  return {
    access({ parameters }) {
      const resource = arnOf(String(parameters['FunctionName']))
      return [{ action: 'lambda:InvokeFunction', resource, context: {} }]
    },
    async perform({ parameters: { FunctionName, ...others }, body }) {
      const unknown = Object.entries(others).find(([name, value]) => !(known[name] ?? [undefined]).includes(value))
      if (unknown) {
        const message = `The local Lambda only invokes, at once or as an Event; it knows no ${unknown.join(' ')}.`
        throw awsError('InvalidParameterValueException', message)
      }
      if (others['InvocationType'] === 'Event') return accept(String(FunctionName), readPayload(body))
      const invocation = await invoke(String(FunctionName), readPayload(body))
      return { status: 200, headers: headersOf(invocation, others['LogType'] === 'Tail'), body: invocation.payload }
    },
  }
}
