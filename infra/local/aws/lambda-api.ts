import { type Invocation, type Invoke, nameOfFunction } from '../lambda/lambda.ts'
import { type Account, type Api, type ApiCall, awsError } from './aws-api.ts'

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/
const known: Readonly<Record<string, readonly unknown[]>> = {
  InvocationType: [undefined, 'RequestResponse'],
  LogType: [undefined, 'None', 'Tail'],
}
const tailLength = 4096

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

type LambdaApiOptions = Account & { readonly invoke: Invoke }

/** Lambda with one operation, Invoke, which waits for the answer. */
export function createLambdaApi({ region, account, invoke }: LambdaApiOptions): Api {
  return {
    access({ parameters }) {
      const name = nameOfFunction(String(parameters['FunctionName']))
      const resource = `arn:aws:lambda:${region}:${account}:function:${name}`
      return [{ action: 'lambda:InvokeFunction', resource, context: {} }]
    },
    async perform({ parameters: { FunctionName, ...others }, body }) {
      const unknown = Object.entries(others).find(([name, value]) => !(known[name] ?? [undefined]).includes(value))
      if (unknown) {
        const message = `The local Lambda invokes and waits for the answer; it knows no ${unknown.join(' ')}.`
        throw awsError('InvalidParameterValueException', message)
      }
      const invocation = await invoke(String(FunctionName), readPayload(body))
      return { status: 200, headers: headersOf(invocation, others['LogType'] === 'Tail'), body: invocation.payload }
    },
  }
}
