import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createDataFolder, startServer } from '../support/local-server.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/factors.md'), 'utf8')
const block = (language: string) => page.match(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's'))?.[1] ?? ''

type Answer = { readonly path: string; readonly status: number; readonly json: Readonly<Record<string, unknown>> }

/**
 * The page and the module of the documentation at an origin of their own, and behind it the service, as `npm start` runs
 * it. Passkeys are made with one algorithm only.
 */
export async function openRelyingParty(algorithm: number) {
  const answers: Answer[] = []
  const service = { url: '' }

  async function pass(request: IncomingMessage): Promise<Answer> {
    const { url: path = '', headers } = request
    const { authorization = '' } = headers
    const response = await fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: await text(request),
    })
    const answer = { path, status: response.status, json: await response.json() }
    answers.push(answer)
    return answer
  }
  const server = createServer(async (request, response) => {
    if (request.url === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(block('html'))
    if (request.url === '/favicon.ico') return void response.writeHead(204).end()
    if (request.url === '/passkeys.js') {
      const code = block('js').replace('http://localhost:3000', '')
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(code)
    }
    const { status, json } = await pass(request)
    const only = JSON.stringify(json, (name, value) =>
      name === 'pubKeyCredParams' ? value.filter(({ alg }: { alg: number }) => alg === algorithm) : value,
    )
    response.writeHead(status, { 'content-type': 'application/json' }).end(only)
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}`

  const data = createDataFolder()
  const settings = ['secondFactor=optional', `passkeyOrigins=${url}`].flatMap((setting) => ['-c', setting])
  const running = await startServer(data.path, settings)
  service.url = running.url
  const loggedIn = await fetch(`${running.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(running.user),
  })
  const { access_token: token } = await loggedIn.json()

  return {
    url,
    token: String(token),
    /** What the service has answered to the page. */
    answersOf: (path: string) => answers.filter((answer) => answer.path === path),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
      await running.stop()
      data[Symbol.dispose]()
    },
  }
}
