import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createDataFolder, startServer } from '../support/local-server.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

// DESIGN 18
test.each<[string, string | Uint8Array, string]>([
  ['logo.svg', svg, 'image/svg+xml'],
  ['logo.png', png, 'image/png'],
])('npm start shows %s and the accent colour on the pages', async (name, content, type) => {
  using data = createDataFolder()
  const logo = join(data.path, name)
  writeFileSync(logo, content)
  const look = ['signInPages=true', 'serviceName=Shop & Co', 'accentColor=#7a1fa2', `logo=${logo}`]
  await using server = await startServer(
    data.path,
    look.flatMap((setting) => ['-c', setting]),
  )

  const page = await (await fetch(`${server.url}/sign-in`)).text()
  const served = await fetch(`${server.url}/logo`)

  expect(page).toContain('<header><img src="/logo" alt="Shop &amp; Co"></header>')
  expect(page).toContain('--accent:#7a1fa2;')
  expect([served.status, served.headers.get('content-type')]).toEqual([200, type])
  expect(Buffer.from(await served.arrayBuffer())).toEqual(Buffer.from(content))
  expect((await fetch(`${server.url}/.well-known/jwks.json`)).status).toBe(200)
})
