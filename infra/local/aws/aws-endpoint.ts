import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Invoke, Log } from '../lambda/lambda.ts'
import { type ApiAnswer, type ApiCall, awsError, isAwsError, jsonAnswer, unknownOperation } from './aws-api.ts'
import type { DynamoDbOptions } from './dynamodb.ts'
import { createDynamoDb } from './dynamodb.ts'
import { servedServices } from './iam.ts'
import type { LocalKey } from './kms.ts'
import { createKms } from './kms.ts'
import { createLambdaApi, readInvokeParameters } from './lambda-api.ts'
import type { Mails } from './mails.ts'
import { createParameters, type LocalParameter } from './parameters.ts'
import { createAuthenticator, type Principal } from './principals.ts'
import { createSecrets, type LocalSecret } from './secrets.ts'
import { createSes, type LocalIdentity, sendEmailUrl } from './ses.ts'
import { verifySignature } from './signature.ts'
import { refuseUnserved, serviceOf, unservedMessage } from './unserved.ts'

export type { Principal }

export type AwsEndpointOptions = DynamoDbOptions & {
  readonly parameters?: readonly LocalParameter[]
  readonly secrets?: readonly LocalSecret[]
  readonly keys: readonly LocalKey[]
  readonly identities: readonly LocalIdentity[]
  readonly configurationSets: readonly string[]
  readonly mails: Mails
  readonly principals: readonly Principal[]
  readonly invoke: Invoke
  readonly log: Log
}

export type AwsEndpoint = Awaited<ReturnType<typeof createAwsEndpoint>>

const bodyLimit = 16 * 1024 * 1024

/** Keeps web pages out: they cannot sign, and under DNS rebinding they send another host. */
function readAccessKeyId({ headers, socket }: IncomingMessage): string {
  const hosts = ['127.0.0.1', 'localhost'].map((host) => `${host}:${socket.localPort}`)
  if (!hosts.includes(headers.host ?? '')) throw awsError('AccessDeniedException', `The host is not ${hosts[0]}.`, 403)
  const [, accessKeyId] = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(headers.authorization ?? '') ?? []
  if (accessKeyId) return accessKeyId
  throw awsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length']) <= bodyLimit) return await buffer(request)
  throw awsError('RequestTooLargeException', `A request states its length, at most ${bodyLimit} bytes.`, 413)
}

function readParameters(body: Buffer): ApiCall['parameters'] {
  try {
    const parameters = JSON.parse(body.toString())
    if (parameters && typeof parameters === 'object' && !Array.isArray(parameters)) return parameters
  } catch {}
  throw awsError('SerializationException', 'The body is no JSON object.')
}

/** Lambda and SES answer errors as REST, each in its own words, the others as JSON-RPC. */
function renderError(error: unknown, rest: boolean, log: Log): ApiAnswer {
  if (!isAwsError(error)) {
    log('aws', String(Object(error).stack ?? error))
    return jsonAnswer({ __type: 'InternalFailure' }, 500)
  }
  const { name, message, status } = error
  const answer = rest
    ? jsonAnswer({ Type: 'User', Message: message, message }, status)
    : jsonAnswer({ __type: name, message }, 400)
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': name } }
}

/**
 * The AWS endpoint of the local account: DynamoDB, KMS, SES, Lambda, and parameters and secrets to be read, with only the
 * operations that functions need. Whatever is signed for another service is refused with its name.
 */
export async function createAwsEndpoint(options: AwsEndpointOptions) {
  const { parameters = [], secrets = [], log } = options
  const authenticate = createAuthenticator(options.principals, options.log)
  const dynamodb = await createDynamoDb(options)
  const lambda = createLambdaApi(options)
  const ses = createSes(options)
  const apis = new Map([
    ['DynamoDB_20120810', dynamodb],
    ['TrentService', createKms(options)],
    ['AmazonSSM', createParameters({ ...options, parameters })],
    ['secretsmanager', createSecrets({ ...options, secrets })],
  ])

  async function readCall(request: IncomingMessage, principal: Principal) {
    const { method, url = '', headers } = request
    if (method === 'POST' && url === sendEmailUrl) {
      const body = await readBody(request)
      verifySignature(request, body, principal, { region: options.region, service: 'ses' })
      return { api: ses, call: { operation: 'SendEmail', parameters: readParameters(body), body } }
    }
    const invokeParameters = readInvokeParameters(url, headers)
    const target = String(headers['x-amz-target'] ?? `${method} ${url}`)
    const [service = '', operation = ''] = target.split('.')
    const api = invokeParameters ? lambda : apis.get(service)
    if (!api) throw unknownOperation(target)
    const body = await readBody(request)
    return { api, call: { operation, parameters: invokeParameters ?? readParameters(body), body } }
  }

  async function respond(request: IncomingMessage): Promise<ApiAnswer> {
    const { principal, authorize } = authenticate(readAccessKeyId(request))
    const service = serviceOf(request)
    if (service !== '' && !servedServices.includes(service)) {
      // Read to its end: otherwise the client misses the answer.
      for await (const _ of request);
      const caller = principal.arn.replace(/^.*\//, '')
      log('aws', `${caller} called ${service}, which ${unservedMessage(service).slice(service.length + 1)}`)
      return refuseUnserved(service, request)
    }
    const { api, call } = await readCall(request, principal)
    for (const request of api.access(call)) authorize(request)
    return await api.perform(call)
  }

  const answer = (request: IncomingMessage) =>
    respond(request).catch((error) => renderError(error, !request.headers['x-amz-target'], log))

  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request)
    response.writeHead(status, { ...headers, 'x-amzn-requestid': randomUUID() }).end(body)
  })
  // Never: a client would lose the request that it sends at the moment at which its idle connection is closed.
  server.keepAliveTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    answer,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await promisify(server.close.bind(server))()
      await dynamodb.close()
    },
  }
}
