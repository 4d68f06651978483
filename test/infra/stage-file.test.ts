import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createApp } from '../../infra/create-app.ts'
import { readStageFile } from '../../infra/stage-file.ts'

function folderWith(text: string, stage = 'sandbox'): string {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'))
  writeFileSync(join(folder, `latchkey.${stage}.json`), text)
  return folder
}

const stackOf = async (context: object, folder: string, target: 'AWS' | 'localhost' = 'AWS') =>
  (await createApp({ ...context }, { folder, target })).synth().stacks[0]

test('settings of a stage are read from its file, and the command line goes before it', async () => {
  const folder = folderWith('{"serviceName":"Shop","scopes":["a"],"name":"ada"}')
  const stack = await stackOf({ scopes: 'b' }, folder)
  const variables = JSON.stringify(stack?.template.Resources)

  expect(stack?.stackName).toBe('Latchkey-sandbox-ada')
  expect(variables).toContain('"SCOPES":"b"')
  expect(variables).toContain('"SERVICE_NAME":"Shop"')
})

test('a stage without a file has the defaults, and the file of another stage is not read', async () => {
  expect((await stackOf({ stage: 'prod' }, folderWith('{"name":"ada"}')))?.stackName).toBe('Latchkey-prod')
})

test('account and Region say where a stack goes, but not on localhost', async () => {
  const folder = folderWith('{"account":"123456789012","region":"eu-central-1"}')

  expect((await stackOf({}, folder))?.environment).toMatchObject({ account: '123456789012', region: 'eu-central-1' })
  expect((await stackOf({}, folder, 'localhost'))?.environment.account).toBe('unknown-account')
})

test.each([
  ['no JSON', '{', 'latchkey.sandbox.json is not JSON'],
  ['no object', '[]', 'latchkey.sandbox.json: an object with settings is expected.'],
  ['a stage', '{"stage":"prod"}', 'latchkey.sandbox.json: leave out stage'],
])('a file with %s is refused', (_, text, message) => {
  expect(() => readStageFile(folderWith(text), 'sandbox')).toThrow(message)
})

test('a file with an unknown setting is refused, with the name', async () => {
  await expect(stackOf({}, folderWith('{"audiense":"x"}'))).rejects.toThrow('audiense: unknown; the settings are')
})
