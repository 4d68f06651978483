import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Mails } from '../../local/aws/mails.ts'
import type { Log } from '../../local/lambda/lambda.ts'
import { listPage, mailPage, mailPolicy, pagePolicy } from './page.ts'

const shownAtOnce = 200

// No other page may read, frame or keep anything of this.
const commonHeaders = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
}

type Page = { readonly status: number; readonly type: string; readonly policy: string; readonly body: string }

const page = (body: string, policy: string = pagePolicy): Page => ({
  ...{ status: 200, type: 'text/html; charset=utf-8' },
  ...{ policy, body },
})
const refusal = (status: number, body: string): Page => ({
  ...{ status, type: 'text/plain; charset=utf-8' },
  ...{ policy: "default-src 'none'; frame-ancestors 'none'", body: `${body}\n` },
})
const notFound = refusal(404, 'There is no such mail.')

type Mailbox = AsyncDisposable & { readonly url: string }

/**
 * The mails of the local account as pages. It has a port of its own, so no route of an API can have its paths, and no page
 * of an API its origin. Beside 127.0.0.1 and localhost it answers to the names in `hosts`.
 */
export async function openMailbox(mails: Mails, log: Log, hosts: readonly string[] = []): Promise<Mailbox> {
  const server = createMailboxServer(mails, log, hosts)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    // Not localhost, so that a browser sends no cookie of the API here.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await promisify(server.close.bind(server))()
    },
  }
}

function createMailboxServer(mails: Mails, log: Log, hosts: readonly string[]): Server {
  const served = new Set(['127.0.0.1', 'localhost', ...hosts.map((host) => host.toLowerCase())])
  return createServer({ maxHeaderSize: 10_240, requestTimeout: 30_000 }, (request, response) => {
    respond(request, response, served, mails).catch((error: Error) => {
      log('mailbox', String(error.stack ?? error))
      if (response.headersSent) response.destroy()
      else send(response, refusal(500, 'The mails cannot be read; the log says why.'))
    })
  })
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  served: ReadonlySet<string>,
  mails: Mails,
): Promise<void> {
  const { method, url = '' } = request
  const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
  // Another name could let a foreign page read from here (DNS rebinding).
  if (!served.has(host)) return send(response, refusal(403, 'This host is not served. See --host in docs/local.md.'))
  if (method !== 'GET' && method !== 'HEAD') return send(response, refusal(405, 'The mailbox is only for reading.'))
  const [, after] = /^\/events\?after=([\w.-]*)$/.exec(url) ?? []
  if (after !== undefined) return await announce(request, response, after, mails)
  send(response, await readPage(url, mails))
}

async function readPage(url: string, mails: Mails): Promise<Page> {
  if (url === '/') return page(listPage(await readList(mails)))
  const [, id = '', part] = /^\/mails\/([\w.-]+)(\/html)?$/.exec(url) ?? []
  const mail = await mails.find(id)
  if (!mail) return notFound
  if (part) return page(withoutConnections(mail.html), mailPolicy)
  const [newest = ''] = await mails.list()
  return page(mailPage(id, mail, newest))
}

// The policy keeps these from loading, but a browser may open a connection before it looks at the policy.
const withoutConnections = (html: string) => html.replace(/<(?=(?:link|i?frame|object|embed)[\s/>])/gi, '&lt;')

async function readList(mails: Mails) {
  const ids = await mails.list()
  const shown = ids.slice(0, shownAtOnce).map(async (id) => ({ id, mail: await mails.find(id) }))
  return { mails: await Promise.all(shown), older: Math.max(0, ids.length - shownAtOnce) }
}

/** Sends one event as soon as the newest mail is another than the page knows, also if it arrived before this request. */
async function announce(
  request: IncomingMessage,
  response: ServerResponse,
  after: string,
  mails: Mails,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const tell = () => {
    if (gone.signal.aborted) return
    gone.abort()
    response.end('data: new\n\n')
  }
  response.writeHead(200, { ...commonHeaders, 'content-type': 'text/event-stream' }).write('retry: 1000\n\n')
  if (request.method === 'HEAD') return void response.end()
  mails.onArrival(tell, gone.signal)
  const [newest = ''] = await mails.list()
  if (newest !== after) tell()
}

function send(response: ServerResponse, { status, type, policy, body }: Page): void {
  response.writeHead(status, {
    ...commonHeaders,
    'content-type': type,
    'content-security-policy': policy,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
