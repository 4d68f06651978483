import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readClientMetadata } from '../../functions/domain/clients/client-metadata.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/mcp.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code)

test('the code of the page is what the tests run', () => {
  const files = ['mcp-server', 'mcp-resource', 'mcp'].map((name) =>
    readFileSync(join(root, `test/example/${name}.ts`), 'utf8'),
  )

  expect(blocks('ts')).toEqual(files)
})

test('the page names the versions that the tests have', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'test/browser/package.json'), 'utf8'))

  for (const name of ['@modelcontextprotocol/sdk', 'zod']) expect(page).toContain(`${name}@${dependencies[name]}`)
})

test('the client of the page can be registered', () => {
  expect(readClientMetadata(JSON.parse(blocks('json')[0] ?? ''))).toMatchObject({ ok: true })
})
