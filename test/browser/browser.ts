import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

const missing = 'Chromium is not installed: apt-get install chromium, or name one in the variable CHROMIUM.'

function findChromium(): string {
  const { CHROMIUM } = process.env
  if (CHROMIUM) return CHROMIUM
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  } catch (cause) {
    throw new Error(missing, { cause })
  }
}

/** A Chromium without a window. As root it runs only without its own sandbox. */
export function openBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return puppeteer.launch({ executablePath: findChromium(), args, pipe: true })
}

/** A page that has nothing of any other page, and what it complains of. */
export async function openPage(browser: Browser, width = 1280) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  await page.setViewport({ width, height: 800 })
  const messages: string[] = []
  page.on('console', (message) => void messages.push(message.text()))
  page.on('pageerror', (error) => void messages.push(String(error)))
  page.on('dialog', (dialog) => {
    messages.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, context, messages, [Symbol.asyncDispose]: () => context.close() }
}

/** Runs an expression in the page. A text, because a function would be compiled for another place. */
export const look = (page: Pick<Page, 'evaluate'>, expression: string): Promise<unknown> => page.evaluate(expression)

/** An authenticator in the device, whose user agrees at once. */
export async function addAuthenticator(page: Page, backup: boolean) {
  const devTools = await page.createCDPSession()
  await devTools.send('WebAuthn.enable', { enableUI: false })
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: backup,
      defaultBackupState: backup,
    },
  })
}

/** Somebody else's server, which sees every connection and request that a browser makes to it. */
export async function openForeignServer() {
  const requests: string[] = []
  let connections = 0
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end('foreign')
  })
  server.on('connection', () => {
    connections += 1
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: requests as readonly string[],
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
