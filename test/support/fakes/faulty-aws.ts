import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { readInvokeParameters } from '../../../infra/local/aws/lambda-api.ts'
import { sendEmailUrl } from '../../../infra/local/aws/ses.ts'
import { region } from '../local-lambda.ts'

/** An answer that is lost, whole or half, is one to work that was done; `no answer` does nothing and keeps the caller waiting. */
export type Fault =
  | 'throttling'
  | 'a conflict'
  | 'a refusal'
  | 'an internal error'
  | 'a broken connection'
  | 'an answer lost'
  | 'no answer'
  | 'half an answer'
  | 'a slow answer'

/** Which calls of a client fail: by what they do to what (`UpdateItem user`), and how many of their kind came before. */
export type Plan = { readonly call: string; readonly at: (before: number) => boolean; readonly fault: Fault }

type Call = {
  readonly path: string
  readonly headers: Readonly<IncomingMessage['headers']>
  readonly body: Buffer
  readonly name: string
}
/** An event that was accepted has an answer without a type. */
type Answer = { readonly status: number; readonly type: string | undefined; readonly body: Buffer }
type Client = { readonly plan: Plan | undefined; readonly calls: string[]; readonly pending: Set<Call> }

/** Stands before an AWS endpoint, passes everything on as its owner's, and fails for each client what its plan says. */
export async function startFaultyAws(endpoint: string, owner: string) {
  const clients = new Map<string, Client>()
  const agent = new Agent({ keepAlive: true })
  const forward = async (call: Call) => send(endpoint, agent, await asOwner(call, endpoint, owner))
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const call = await readCall(incoming)
    const client = clients.get(accessKeyOf(incoming))
    if (!client) return void response.destroy()
    const fault = faultOf(client, call.name)
    client.calls.push(call.name)
    client.pending.add(call)
    await answer(call, fault, forward, response).finally(() => client.pending.delete(call))
  }
  // Who has gone, or closes all this, waits for no answer.
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
  return {
    /** A client of its own, told from the others by its access key. */
    admit: (plan?: Plan) => {
      const accessKeyId = `AKIA${clients.size}`
      const client: Client = { plan, calls: [], pending: new Set() }
      clients.set(accessKeyId, client)
      return {
        config: {
          endpoint: `http://127.0.0.1:${port}`,
          region,
          credentials: { accessKeyId, secretAccessKey: 'secret' },
        },
        /** What it called, in order. */
        calls: client.calls as readonly string[],
        /** What it has called and got no answer to, of what will be answered. */
        pending: () => [...client.pending].map(({ name }) => name),
      }
    },
    /** From now on nothing is there: connections are refused, until it comes back. */
    leave: close,
    comeBack: () => once(server.listen(port, '127.0.0.1'), 'listening'),
    [Symbol.asyncDispose]: async () => {
      agent.destroy()
      await close()
    },
  }
}

/** Only SES looks at signatures, and they name the host that was called. */
async function asOwner(call: Call, endpoint: string, owner: string): Promise<Call> {
  const { path, headers, body } = call
  if (path !== sendEmailUrl) return { ...call, headers: { ...headers, authorization: signedBy(owner) } }
  const { protocol, host, hostname, port } = new URL(endpoint)
  const credentials = { accessKeyId: owner, secretAccessKey: 'secret' }
  const signer = await new DynamoDBClient({ region, credentials }).config.signer()
  const bare = { host, 'content-type': 'application/json', 'content-length': String(body.length) }
  const place = { method: 'POST', protocol, hostname, port: Number(port), path, query: {} }
  return { ...call, headers: (await signer.sign({ ...place, headers: bare, body }, { signingService: 'ses' })).headers }
}

const signedBy = (accessKeyId: string): string => `AWS4-HMAC-SHA256 Credential=${accessKeyId}/`
const accessKeyOf = ({ headers }: IncomingMessage): string =>
  /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''

async function readCall(incoming: IncomingMessage): Promise<Call> {
  const { host, connection, ...headers } = incoming.headers
  const { url: path = '' } = incoming
  const body = await buffer(incoming)
  if (path === sendEmailUrl) return { path, headers, body, name: 'SendEmail' }
  const invoked = readInvokeParameters(path, headers)
  if (invoked) return { path, headers, body, name: `Invoke ${invoked['FunctionName']}` }
  const operation = String(headers['x-amz-target']).split('.')[1] ?? ''
  return { path, headers, body, name: [operation, ...kindOf(JSON.parse(body.toString()))].join(' ') }
}

const kinds = [
  ['ACCOUNT#', 'account'],
  ['SECRET#', 'password'],
  ['SESSIONS#', 'session'],
  ['ID#', 'identifier'],
  ['DIRECTORY#', 'directory'],
  ['CODE#', 'code'],
  ['CONSENT#', 'consent'],
  ['KEYS#', 'API keys'],
  ['THROTTLE#ACCOUNT#', 'account count'],
  ['THROTTLE#ADDRESS#', 'address count'],
  ['DEVICE#', 'device'],
] as const

type Parameters = Readonly<
  Record<'Key' | 'Item' | 'ExpressionAttributeValues', Readonly<Record<string, { S?: string }>>>
>

function kindOf({ Key, Item, ExpressionAttributeValues: values }: Partial<Parameters>): readonly string[] {
  const { pk: { S: pk = values?.[':pk']?.S ?? '' } = {}, sk } = Key ?? Item ?? {}
  if (sk?.S === 'EPOCH') return ['epoch']
  return kinds.filter(([prefix]) => pk.startsWith(prefix)).map(([, kind]) => kind)
}

function faultOf({ plan, calls }: Client, name: string): Fault | undefined {
  if (plan?.call !== name) return undefined
  return plan.at(calls.filter((each) => each === name).length) ? plan.fault : undefined
}

async function send(endpoint: string, agent: Agent, { path, headers, body }: Call): Promise<Answer> {
  const url = new URL(path, endpoint)
  const [answered] = await once(request(url, { method: 'POST', agent, headers }).end(body), 'response')
  return { status: answered.statusCode, type: answered.headers['content-type'], body: await buffer(answered) }
}

async function answer(
  call: Call,
  fault: Fault | undefined,
  forward: (call: Call) => Promise<Answer>,
  response: ServerResponse,
): Promise<void> {
  switch (fault) {
    case 'throttling':
      return pass(fail(400, 'ThrottlingException'), response)
    case 'a refusal':
      return pass(fail(400, 'MessageRejected'), response)
    case 'a conflict':
      return pass(conflict(call), response)
    case 'an internal error':
      return pass(fail(500, 'InternalServerError'), response)
    case 'a broken connection':
      return void response.destroy()
    case 'no answer':
      return
    case 'an answer lost':
      await forward(call)
      return void response.destroy()
    case 'half an answer': {
      const { status, body } = await forward(call)
      response.writeHead(status, { 'content-length': body.length }).write(body.subarray(0, 1))
      return void setImmediate(() => response.destroy())
    }
    case 'a slow answer': {
      const answered = await forward(call)
      await setTimeout(20)
      return pass(answered, response)
    }
    case undefined:
      return pass(await forward(call), response)
  }
}

const fail = (status: number, type: string): Answer => ({
  status,
  type: 'application/x-amz-json-1.0',
  body: Buffer.from(JSON.stringify({ __type: type, message: 'as told' })),
})

// A transaction is canceled with a reason for each of its items; a single write is just refused.
function conflict({ name }: Call): Answer {
  const { status, type, body } = fail(400, 'TransactionConflictException')
  if (name !== 'TransactWriteItems') return { status, type, body }
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException'
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict', Message: 'as told' }]
  return { status, type, body: Buffer.from(JSON.stringify({ __type, Message: 'as told', CancellationReasons })) }
}

function pass({ status, type, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, { ...(type && { 'content-type': type }), 'content-length': body.length }).end(body)
}
