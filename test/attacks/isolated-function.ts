import { createHook } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

// Runs a bundle in a process that Node's permission model holds, and tells of everything that it reached out for.
// Node makes one of these resources for each look-up, connection, datagram, file and process, however it was asked for.
const outward = /^(TCPCONNECT|PIPECONNECT|GETADDRINFO|GETNAMEINFO|QUERY|DNSCHANNEL|UDP|TLS|FSREQ|FILEHANDLE|PROCESS)/

const touched = new Set<string>()
const ports = new Set<number>()
let watching = false

createHook({
  init: (_, type) => {
    if (watching && outward.test(type)) touched.add(type)
  },
}).enable()

subscribe('net.client.socket', (message) => {
  const { socket } = message as { readonly socket: Socket }
  socket.once('connect', () => ports.add(socket.remotePort ?? 0))
})

type Bundle = { readonly handler: (event: unknown, context: object) => Promise<unknown> }

const { handler }: Bundle = await import(process.argv[2] ?? '')
watching = true

process.once('message', async (events: readonly unknown[]) => {
  const answers: unknown[] = []
  for (const event of events)
    answers.push(
      await handler(event, { awsRequestId: 'a request' }).catch(({ message }: Error) => ({ thrown: message })),
    )
  process.send?.({ answers, touched: [...touched], ports: [...ports] })
  process.disconnect()
})
process.send?.('ready')
