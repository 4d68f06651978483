import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refuse } from './refusal.ts'

/** Binds a server to this machine alone; port 0 takes any that is free. */
export async function listen(server: Server, port: number): Promise<AsyncDisposable & { readonly url: string }> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken) throw error
    return refuse(`Port ${port} is taken: stop what listens there, or name another one: npm start -- --port N.`)
  }
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
