import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { refuse } from '../../local/refusal.ts'

type Listening = AsyncDisposable & { readonly url: string }

/** Binds a server to `localhost`: 127.0.0.1 and, where there is one, ::1. Port 0 takes any free port. */
export async function listen(server: HttpServer, port: number): Promise<Listening> {
  await bind(server, port, '127.0.0.1')
  const { port: bound } = server.address() as AddressInfo
  // A Node server has one address, so the second one hands its connections over.
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket))
  try {
    await bind(second, bound, '::1')
  } catch (error) {
    await close(server)
    throw error
  }
  return {
    url: `http://localhost:${bound}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await Promise.all([close(server), close(second)])
    },
  }
}

const noSuchAddress = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

async function bind(server: Server, port: number, host: string): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    const { code } = Object(error)
    if (host === '::1' && noSuchAddress.includes(code)) return
    if (code !== 'EADDRINUSE') throw error
    refuse(`Port ${port} is in use: stop what listens there, or choose another one by --port.`)
  }
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })
