import { codeIn, readMails, waitForMail } from './captured-mails.ts'
import { createDataFolder } from './local-server.ts'
import { openService } from './local-service.ts'

const from = 'no-reply@example.com'

/** A service on localhost that captures its mails, by the settings given. The program synthesises the stack. */
export async function openMailService(settings: Readonly<Record<string, string>> = {}, program?: string) {
  await using made = new AsyncDisposableStack()
  const data = made.adopt(createDataFolder(), (folder) => folder[Symbol.dispose]()).path
  const settingsOfAll = { emailFrom: from, serviceName: 'Shop', ...settings }
  const { url, lines, admin, invoke } = made.use(await openService({ data, settings: settingsOfAll, program }))

  async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
  }
  const mailTo = (to: string, count?: number) => waitForMail(data, to, count)
  const running = made.move()
  return {
    ...{ url, post, admin, lines, mailTo, invoke },
    mails: () => readMails(data),
    codeTo: async (to: string, count?: number) => codeIn(await mailTo(to, count)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
