import type { InvokeFunction, SendEvent } from '../../domain/invoke-function.ts'
import { fail, succeed } from '../../domain/result.ts'
import { type AwsRequestOptions, createSendToAws } from '../aws-request.ts'

export type InvokeOptions = Omit<AwsRequestOptions, 'service' | 'region'> & {
  /** A name, or an ARN of any Region. */
  readonly functionName: string
}

const lambda = { signingName: 'lambda', hostPrefix: 'lambda', variableName: 'LAMBDA' } as const

/** Invokes a function by one signed request, because the SDK's client would be 60 KB more. There is no second try. */
export function createInvokeFunction(options: InvokeOptions): InvokeFunction {
  const send = createInvoke(options, {})
  return async (payload) => {
    const sent = await send(payload)
    if (!sent.ok || sent.value.status !== 200) return fail({ reason: 'unavailable' })
    const answer = parse(sent.value.body)
    if (answer === undefined) return fail({ reason: 'unavailable' })
    if (sent.value.headers['x-amz-function-error'] === undefined) return succeed(answer)
    const { errorType = '', errorMessage = '' } = Object(answer)
    return fail({ reason: 'function_error', type: String(errorType), message: String(errorMessage) })
  }
}

/** The same for an event: Lambda keeps it, and runs the function once or, after a failure, up to three times. */
export function createSendEvent(options: InvokeOptions): SendEvent {
  const send = createInvoke(options, { 'x-amz-invocation-type': 'Event' })
  return async (payload) => {
    const sent = await send(payload)
    return sent.ok && sent.value.status === 202
  }
}

function createInvoke({ functionName, ...options }: InvokeOptions, headers: Readonly<Record<string, string>>) {
  const [, region] = /^arn:[^:]*:lambda:([^:]+):/.exec(functionName) ?? []
  const send = createSendToAws({ ...options, service: lambda, region })
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
  return (payload: object) =>
    send({ path, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(payload) })
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
