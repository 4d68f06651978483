import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'
import { openTestMailbox } from '../../../support/mailbox.ts'

type Sent = { readonly method?: string; readonly host?: string }

async function start(url: string, path: string, { method = 'GET', host }: Sent = {}): Promise<IncomingMessage> {
  const call = request(new URL(path, url), { method, agent: false, ...(host && { headers: { host } }) }).end()
  const [response] = await once(call, 'response')
  return response
}

async function get(url: string, path = '/', sent: Sent = {}) {
  const response = await start(url, path, sent)
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const hostile = `</pre></iframe><script>alert(1)</script><img src=x onerror="alert(2)">" ' &\u2028`
const escaped =
  '&lt;/pre&gt;&lt;/iframe&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt;&quot; &#39; &amp;\u2028'

test('an empty mailbox says so', async () => {
  await using mailbox = await openTestMailbox()

  expect(await get(mailbox.url)).toMatchObject({ status: 200, body: expect.stringContaining('No mail yet') })
})

test('mails are listed, the newest first, each with a link to its page', async () => {
  await using mailbox = await openTestMailbox()
  const first = await mailbox.put({ subject: 'First' })
  const second = await mailbox.put({ subject: 'Second', to: 'eve@example.net' })
  const { body } = await get(mailbox.url)

  expect([...body.matchAll(/href="\/mails\/([^"]+)"><b dir="auto">([^<]+)/g)].map(([, ...rest]) => rest)).toEqual([
    [second, 'Second'],
    [first, 'First'],
  ])
  expect(body).toContain('<title>Mailbox (2)</title>')
  expect(body).toContain('eve@example.net')
})

test('of very many mails the newest are listed, and the others are counted', async () => {
  await using mailbox = await openTestMailbox()
  for (let count = 1; count <= 203; count += 1) await mailbox.put({ subject: `Mail ${count}` })
  const { body } = await get(mailbox.url)

  expect(body.match(/<li>/g)).toHaveLength(200)
  expect(body).toContain('Mail 203')
  expect(body).not.toContain('Mail 3<')
  expect(body).toContain('3 older mails')
})

test('a mail is shown with its addresses, its text, its code and a frame for its HTML', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put()
  const { body } = await get(mailbox.url, `/mails/${id}`)

  expect(body).toContain('<dd>ada@example.net</dd>')
  expect(body).toContain('<dd>Shop &lt;no-reply@example.com&gt;</dd>')
  expect(body).toContain('<pre dir="auto">Your code is 1234 5678.</pre>')
  expect(body).toContain('<output>12345678</output>')
  expect(body).toContain(`<iframe sandbox src="/mails/${id}/html"`)
})

test.each([
  ['12345678', '12345678'],
  ['1234 5678', '12345678'],
  ['1234-5678', '12345678'],
  ['Code:\n12345678\n', '12345678'],
  ['123456789', undefined],
  ['2026-11-27 1234', undefined],
  ['no code at all', undefined],
])('the code in %j is %s', async (text, code) => {
  await using mailbox = await openTestMailbox()
  const { body } = await get(mailbox.url, `/mails/${await mailbox.put({ text })}`)

  expect(/<output>(\d+)<\/output>/.exec(body)?.[1]).toBe(code)
})

// REQ-167
test('whatever a mail says is text in our pages, and its HTML is in none of them', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put({ subject: hostile, to: hostile, from: hostile, text: hostile, html: `<i>${hostile}` })
  const list = await get(mailbox.url)
  const { body } = await get(mailbox.url, `/mails/${id}`)

  for (const each of [list.body, body]) {
    expect(each).not.toContain('<script>alert')
    expect(each).not.toContain('<img')
    expect(each).toContain(escaped)
    expect(each).not.toContain('<i>')
  }
})

// REQ-167
test('elements that make a browser open a connection are shown as text', async () => {
  await using mailbox = await openTestMailbox()
  const html = '<LINK rel="preconnect" href="https://a.example"><iframe\nsrc="https://a.example"></iframe><links><b>'
  const { body } = await get(mailbox.url, `/mails/${await mailbox.put({ html })}/html`)

  expect(body).toBe(
    '&lt;LINK rel="preconnect" href="https://a.example">&lt;iframe\nsrc="https://a.example"></iframe><links><b>',
  )
})

describe('no page can be read, framed or kept by others', () => {
  const isolated = {
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }

  test('and ours run nothing but their one script', async () => {
    await using mailbox = await openTestMailbox()
    const id = await mailbox.put()
    for (const path of ['/', `/mails/${id}`]) {
      const { headers } = await get(mailbox.url, path)

      expect(headers).toMatchObject(isolated)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; frame-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/,
      )
    }
  })

  test('and the HTML of a mail is a sandbox by itself, opened in a frame or not', async () => {
    await using mailbox = await openTestMailbox()
    const { headers, body } = await get(mailbox.url, `/mails/${await mailbox.put()}/html`)

    expect(headers).toMatchObject(isolated)
    expect(headers['content-security-policy']).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    )
    expect(body).toBe('<p>Your code is 1234 5678.</p>')
  })
})

test.each([
  ['another host, as after DNS rebinding', '/', { host: 'evil.example' }, 403],
  ['no host of its own', '/', { host: '127.0.0.1.evil.example:80' }, 403],
  ['localhost', '/', { host: 'localhost:3001' }, 200],
  ['a host that was named', '/', { host: 'My-Box.local:9' }, 200],
  ['a change', '/', { method: 'POST' }, 405],
  ['a mail that there is not', '/mails/2026-01-01T00-00-00.000Z-00000000', {}, 404],
  ['a file outside', '/mails/..%2f..%2fuser', {}, 404],
  ['a file outside, by dots', '/mails/....html', {}, 404],
  ['another path', '/login', {}, 404],
  ['a query', '/?after=x', {}, 404],
])('a request for %s', async (_, path, sent, status) => {
  await using mailbox = await openTestMailbox(['my-box.local'])

  expect(await get(mailbox.url, path, sent)).toMatchObject({ status })
})

describe('a page is told of a new mail', () => {
  test('when it arrives, also if several arrive at once', async () => {
    await using mailbox = await openTestMailbox()
    const events = await start(mailbox.url, '/events?after=')
    await Promise.all([mailbox.put(), mailbox.put(), mailbox.put()])

    expect(events.headers['content-type']).toBe('text/event-stream')
    expect(await text(events)).toBe('retry: 1000\n\ndata: new\n\n')
  })

  test('at once, if it arrived after the page was made', async () => {
    await using mailbox = await openTestMailbox()
    const known = await mailbox.put()
    await mailbox.put()

    expect(await text(await start(mailbox.url, `/events?after=${known}`))).toContain('data: new')
  })

  test('and not of those that it shows', async () => {
    await using mailbox = await openTestMailbox()
    const events = await start(mailbox.url, `/events?after=${await mailbox.put()}`)
    const [first] = await once(events, 'data')
    events.destroy()

    expect(String(first)).toBe('retry: 1000\n\n')
  })
})

test('a file that holds no mail is listed as such, and other files are left alone', async () => {
  await using mailbox = await openTestMailbox()
  const id = await mailbox.put()
  const broken = id.replace(/^\d{4}/, '2000')
  writeFileSync(join(mailbox.data, 'mail', `${broken}.json`), '{"to":')
  writeFileSync(join(mailbox.data, 'mail', 'notes.json'), '{}')
  mkdirSync(join(mailbox.data, 'mail', 'folder'))
  const { body } = await get(mailbox.url)

  expect(body.match(/<li>/g)).toHaveLength(2)
  expect(body).toContain('This file holds no mail.')
  expect(await get(mailbox.url, `/mails/${broken}`)).toMatchObject({ status: 404 })
})

test('a folder that cannot be read is a failure of one request, with its reason in the log', async () => {
  await using mailbox = await openTestMailbox()
  writeFileSync(join(mailbox.data, 'mail'), '')

  expect(await get(mailbox.url)).toMatchObject({ status: 500, body: expect.stringContaining('the log says why') })
  expect(mailbox.lines).toEqual([expect.stringContaining('ENOTDIR')])
})
