import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createReadSourceAddress } from '../../../functions/http/api/source-address.ts'

/** The address that API Gateway sees, as long as no proxy is set. */
export const readAddress = createReadSourceAddress(null)

/** An event of an HTTP API, payload 2.0, as API Gateway sends it. */
export function httpEvent(routeKey: string, changes: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  const [method = '', path = ''] = routeKey.split(' ')
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'api.example.com' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '24/Nov/2026:06:00:00 +0000',
      timeEpoch: 1_795_500_000_000,
    },
    isBase64Encoded: false,
    ...changes,
  }
}

/** What Lambda hands a handler beside the event, as far as it is read. */
export const context = {
  awsRequestId: 'invocation-1',
  // Longer than any machine takes: what happens when it is over has tests of its own.
  getRemainingTimeInMillis: () => 600_000,
} as import('aws-lambda').Context
