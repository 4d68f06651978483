import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Log } from '../../local/lambda/lambda.ts'
import { demoPolicy, failurePage, signedInPage, signedOutPage } from './page.ts'
import type { ReadyMadeClient } from './ready-made-client.ts'
import { createSignIns } from './sign-ins.ts'

type Demo = AsyncDisposable & { readonly url: string }

/** A client of the code flow, to see a whole sign-in with: its address leads to the sign-in page, and shows the claims after. */
export async function openDemo(issuer: string, client: ReadyMadeClient, log: Log): Promise<Demo> {
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  // Not localhost, so that a browser sends no cookie of the service here.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const signIns = createSignIns({ issuer, client, redirectUri: `${url}callback` })
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const isOurs = request.headers.host === new URL(url).host && request.method === 'GET'
    if (!isOurs) return void response.writeHead(403).end()
    if (pathname === '/')
      return void response.writeHead(303, { location: signIns.begin(), 'cache-control': 'no-store' }).end()
    if (pathname === '/favicon.ico') return void response.writeHead(204).end()
    if (pathname === '/signed-out') return send(response, 200, signedOutPage(url))
    if (pathname !== '/callback') return void response.writeHead(404).end()
    signIns.finish(searchParams).then(
      (signedIn) => send(response, 200, signedInPage({ issuer, home: url, signedIn })),
      (error: Error) => {
        log('demo', error.message)
        send(response, 400, failurePage(url, error.message))
      },
    )
  })
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await promisify(server.close.bind(server))()
    },
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    ...{ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    'content-security-policy': demoPolicy,
  })
  response.end(body)
}
