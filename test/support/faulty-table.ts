import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { answerError } from './aws-fault.ts'

/** `answer lost` does the work and then breaks the connection; `no answer` keeps the caller waiting. */
export type Fault = 'throttling' | 'an internal error' | 'a broken connection' | 'an answer lost' | 'no answer'

type Call = { readonly operation: string; readonly body: string; readonly headers: Record<string, string> }

/** Stands between a client and a table, passes everything on, and fails what it is told to fail. */
export async function startFaultyTable(table: string) {
  const faults = new Map<string, (Fault | undefined)[]>()
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const call = await readCall(request)
    calls.push(call.operation)
    await answer(table, call, faults.get(call.operation)?.shift(), response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** Each call of the operation takes the next fault, or none for undefined; once they are used up, all is well. */
    failNext: (operation: string, ...next: readonly (Fault | undefined)[]) => faults.set(operation, [...next]),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const { host, connection, 'content-length': length, ...headers } = request.headers
  const operation = String(headers['x-amz-target']).split('.')[1] ?? ''
  return { operation, body: await text(request), headers: headers as Record<string, string> }
}

async function answer(table: string, call: Call, fault: Fault | undefined, response: ServerResponse): Promise<void> {
  switch (fault) {
    case 'throttling':
      return void answerError(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException')(response.req, response)
    case 'an internal error':
      return void answerError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError')(response.req, response)
    case 'a broken connection':
      return void response.destroy()
    case 'no answer':
      return
    case 'an answer lost':
      await forward(table, call)
      return void response.destroy()
    case undefined: {
      const { status, body } = await forward(table, call)
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body)
    }
  }
}

async function forward(table: string, { body, headers }: Call): Promise<{ status: number; body: string }> {
  const answered = await fetch(table, { method: 'POST', body, headers })
  return { status: answered.status, body: await answered.text() }
}
