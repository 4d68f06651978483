import { rm } from 'node:fs/promises'
import { afterAll, expect, test } from '@jest/globals'
import { openDemo } from '../../../../infra/command-line/demo-client/demo-server.ts'
import { ensureReadyMadeClient } from '../../../../infra/command-line/demo-client/ready-made-client.ts'
import { newFolder } from '../../../support/local-aws.ts'
import { openService } from '../../../support/local-service.ts'

const data = newFolder()
const service = await openService({ data, settings: { signInPages: 'true' } })
const client = await ensureReadyMadeClient(data, service.invoke)
const lines: string[] = []
const demo = await openDemo(service.url, client, (_, line) => void lines.push(line))
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

const credentials = { username: 'ada', password: 'correct horse battery staple' }

/** As a browser does: it follows redirects, and sends the form of the sign-in page. */
async function signIn(): Promise<{ readonly status: number; readonly text: string }> {
  const go = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })
  const begun = await go(demo.url)
  const page = await go(begun.headers.get('location') ?? '')
  const [cookie = ''] = page.headers.getSetCookie().map((each) => each.split(';')[0] ?? '')
  const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(await page.text()) ?? []
  const answered = await go(`${service.url}/sign-in`, {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ flow, ...credentials }),
  })
  const shown = await go(answered.headers.get('location') ?? '')
  return { status: shown.status, text: await shown.text() }
}

test('the link of npm start leads through a whole sign-in to the claims', async () => {
  const { result } = await service.admin({ command: 'create-user', ...credentials })
  const { status, text } = await signIn()

  expect([status, text.includes(`<dt>sub</dt><dd>&quot;${result.sub}&quot;</dd>`)]).toEqual([200, true])
  expect(text).toContain('<dt>preferred_username</dt><dd>&quot;ada&quot;</dd>')
  expect(lines).toEqual([])
})

test('its secret is the same at the next start', async () => {
  expect(await ensureReadyMadeClient(data, service.invoke)).toEqual(client)
})

test('an answer to no sign-in of its own shows no claims', async () => {
  const answer = await fetch(`${demo.url}callback?code=x&state=y&iss=${encodeURIComponent(service.url)}`)

  expect([answer.status, (await answer.text()).includes('not the answer')]).toEqual([400, true])
})

test('another host name gets nothing from it', async () => {
  const port = new URL(demo.url).port

  expect((await fetch(`http://localhost:${port}/`, { redirect: 'manual' })).status).toBe(403)
})
