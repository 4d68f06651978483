import type { IncomingMessage } from 'node:http'
import type { ApiAnswer } from './aws-api.ts'

/** Services whose name in a signature is not the one by which the SDK knows them. */
const sdkNames: Readonly<Record<string, string>> = {
  'cognito-idp': 'cognito-identity-provider',
  email: 'ses',
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  monitoring: 'cloudwatch',
  states: 'sfn',
}

/** The service that a request is signed for, by the name that the option takes. */
export function serviceOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const [, service = ''] =
    /Credential=[^/,\s]+\/\d+\/[\w-]+\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? '') ?? []
  return sdkNames[service] ?? service
}

/** The variable by which the SDK finds a service at another address. */
export const endpointVariable = (service: string): string =>
  `AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll('-', '_')}`

export const unservedMessage = (service: string): string =>
  `${service} is not served on localhost. To use one that runs elsewhere: latchkey start --endpoint ${service}=URL`

const code = 'NotServedOnLocalhost'

/** Says so in the form that the SDK expects of the service: JSON, or XML as S3 and the services of queries have it. */
export function refuseUnserved(service: string, { headers }: Pick<IncomingMessage, 'headers'>): ApiAnswer {
  const message = unservedMessage(service)
  const type = String(headers['content-type'] ?? '')
  const isQuery = type.includes('form-urlencoded')
  // SDKs repeat 500 and 503, which would not help.
  const status = 501
  if (headers['x-amz-target'] || (!isQuery && service !== 's3')) {
    const body = JSON.stringify({ __type: code, message, Message: message })
    return { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': code }, body }
  }
  const error = `<Code>${code}</Code><Message>${message}</Message>`
  const body = isQuery ? `<ErrorResponse><Error>${error}</Error></ErrorResponse>` : `<Error>${error}</Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}
