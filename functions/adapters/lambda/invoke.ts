import type { InvokeFunction } from '../../domain/invoke-function.ts'
import { fail, succeed } from '../../domain/result.ts'
import { type AwsRequestOptions, createSendToAws } from '../aws-request.ts'

export type InvokeOptions = Omit<AwsRequestOptions, 'service' | 'region'> & {
  /** A name, or an ARN of any Region. */
  readonly functionName: string
}

const lambda = { signingName: 'lambda', hostPrefix: 'lambda', variableName: 'LAMBDA' } as const

/** Invokes a function by one signed request, because the SDK's client would be 60 KB more. There is no second try. */
export function createInvokeFunction({ functionName, ...options }: InvokeOptions): InvokeFunction {
  const [, region] = /^arn:[^:]*:lambda:([^:]+):/.exec(functionName) ?? []
  const send = createSendToAws({ ...options, service: lambda, region })
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
  return async (payload) => {
    const sent = await send({ path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) })
    if (!sent.ok || sent.value.status !== 200) return fail({ reason: 'unavailable' })
    const answer = parse(sent.value.body)
    if (answer === undefined) return fail({ reason: 'unavailable' })
    if (sent.value.headers['x-amz-function-error'] === undefined) return succeed(answer)
    const { errorType = '', errorMessage = '' } = Object(answer)
    return fail({ reason: 'function_error', type: String(errorType), message: String(errorMessage) })
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
