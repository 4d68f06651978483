import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import type { Invoke } from './lambda.ts'

type Properties = Readonly<Record<string, unknown>>

export type CustomResource = {
  readonly logicalId: string
  readonly type: string
  readonly stackId: string
  /** Resolved, with the ServiceToken: the ARN of the function that provides the resource. */
  readonly properties: Properties
}

export type ProvidedResource = { readonly physicalId: string; readonly data: Properties }

/** CloudFormation passes only text: numbers and booleans arrive as strings. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, asText(entry)]))
}

/** Always a creation: nothing of a local stack but its data outlives a start. */
function createEvent({ logicalId, type, stackId, properties }: CustomResource, responseUrl: string) {
  return {
    RequestType: 'Create',
    ServiceToken: properties['ServiceToken'],
    ResponseURL: responseUrl,
    StackId: stackId,
    RequestId: randomUUID(),
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: asText(properties),
  }
}

/** Listens for one PUT on an address that cannot be guessed, as the signed S3 address of CloudFormation. */
async function listenForAnswer() {
  let answer: string | undefined
  const path = `/${randomUUID()}`
  const server = createServer(async (request, response) => {
    const wanted = request.method === 'PUT' && request.url === path
    if (wanted) answer = await text(request)
    response.writeHead(wanted ? 200 : 403).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  return { url, answer: () => answer, close: () => server.close().closeAllConnections() }
}

const answerLimit = 4096

/** An answer counts only if it is short enough and names the request that it belongs to. */
function readAnswer(answer: string, { StackId, RequestId, LogicalResourceId }: ReturnType<typeof createEvent>) {
  if (Buffer.byteLength(answer) > answerLimit) throw new Error(`the answer is longer than ${answerLimit} bytes.`)
  const request = {
    StackId: v.literal(StackId),
    RequestId: v.literal(RequestId),
    LogicalResourceId: v.literal(LogicalResourceId),
    PhysicalResourceId: v.pipe(v.string(), v.nonEmpty()),
  }
  const schema = v.variant('Status', [
    v.object({ ...request, Status: v.literal('SUCCESS'), Data: v.optional(v.record(v.string(), v.unknown()), {}) }),
    v.object({ ...request, Status: v.literal('FAILED'), Reason: v.string() }),
  ])
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), answer)
  if (!result.success) throw new Error(`the answer is not understood: ${v.summarize(result.issues)}`)
  if (result.output.Status === 'FAILED') throw new Error(result.output.Reason)
  return { physicalId: result.output.PhysicalResourceId, data: result.output.Data }
}

/**
 * Runs a custom resource's provider as CloudFormation would.
 * @throws Error with the provider's reason where it failed or did not answer as CloudFormation asks.
 */
export async function provideCustomResource(resource: CustomResource, invoke: Invoke): Promise<ProvidedResource> {
  const listener = await listenForAnswer()
  const event = createEvent(resource, listener.url)
  try {
    // Once the function has ended it will not answer any more: AWS would have frozen it. So its timeout is the time-out.
    const { payload, functionError } = await invoke(String(event.ServiceToken), JSON.stringify(event))
    const answer = listener.answer()
    if (answer !== undefined) return readAnswer(answer, event)
    throw new Error(functionError ? `the function failed: ${payload}` : 'the function ended without an answer.')
  } catch (error) {
    throw new Error(`Custom resource ${resource.logicalId}: ${Object(error).message}`, { cause: error })
  } finally {
    listener.close()
  }
}
