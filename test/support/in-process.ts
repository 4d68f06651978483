import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { AwsEndpoint } from '../../infra/local/aws/aws-endpoint.ts'

type RequestHandler = DynamoDBClient['config']['requestHandler']
type HttpRequest = Parameters<RequestHandler['handle']>[0]

function received({ method, path, headers, body, port }: HttpRequest): IncomingMessage {
  const message = new IncomingMessage({ localPort: port } as Socket)
  message.method = method
  message.url = path
  for (const [name, value] of Object.entries(headers)) message.headers[name.toLowerCase()] = String(value)
  message.push(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  message.push(null)
  message.complete = true
  return message
}

/**
 * Brings the requests of an SDK client to an endpoint in this process, without a connection and with the name of the access
 * key only: connection and signature cost more than all that DynamoDB does for a request. What can happen to a connection is
 * tested in test/faults, and the signature, which the account does not check, in test/infra/build/bundled-sdk.test.ts.
 */
export const inProcess = ({ answer }: Pick<AwsEndpoint, 'answer'>, accessKeyId: string): DynamoDBClientConfig => ({
  signer: {
    async sign<T extends object>(request: T) {
      const { headers } = request as HttpRequest
      headers['authorization'] = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/`
      return request
    },
  },
  requestHandler: {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest) {
      const { status, headers, body } = await answer(received(request))
      return { response: { statusCode: status, headers, body: Buffer.from(body) } }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  },
})
