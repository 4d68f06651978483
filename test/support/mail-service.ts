import { openAccount } from '../../infra/local/account.ts'
import { synthesise } from '../../infra/local/assembly.ts'
import { createGateway } from '../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../infra/local/gateway/gateway-server.ts'
import { listen } from '../../infra/local/listen.ts'
import { codeIn, readMails, waitForMail } from './captured-mails.ts'
import { createDataFolder } from './local-server.ts'

const from = 'no-reply@example.com'

/** A service on localhost that captures its mails, by the settings given. The program synthesises the stack. */
export async function openMailService(settings: Readonly<Record<string, string>> = {}, program?: string) {
  await using made = new AsyncDisposableStack()
  const data = made.adopt(createDataFolder(), (folder) => folder[Symbol.dispose]()).path
  const lines: string[] = []
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const assembly = made.use(await synthesise({ emailFrom: from, serviceName: 'Shop', ...settings }, program))
  const account = made.use(await openAccount(assembly, { data, endpoint: 'http://localhost', principals: [], log }))
  const { api, invoke } = account
  const gateway = createGateway({ api, invoke, clock: () => Date.now() / 1000, log })
  const server = made.use(await listen(createGatewayServer(gateway), 0))

  async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
  }
  const admin = async (command: object) => JSON.parse((await invoke('admin', JSON.stringify(command))).payload)
  const mailTo = (to: string, count?: number) => waitForMail(data, to, count)
  const running = made.move()
  return {
    ...{ url: server.url, post, admin, lines, mailTo, invoke },
    mails: () => readMails(data),
    codeTo: async (to: string, count?: number) => codeIn(await mailTo(to, count)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
