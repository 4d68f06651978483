import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { synthesise } from '../support/builders/stack.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')

test('the page on operations says what to do at each alarm, and at none that does not exist', async () => {
  const migration = 'arn:aws:lambda:eu-central-1:123456789012:function:old-users'
  const hooks = { migration, claims: migration }
  const alarms = (await synthesise({ stage: 'prod', ...hooks, emailFrom: 'no-reply@example.com' })).ofType(
    'AWS::CloudWatch::Alarm',
  )
  const named = alarms.map(([, { Properties }]) => /"(\w+)"\.$/.exec(`${Properties['AlarmDescription']}`)?.[1])
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading)

  expect(headings.sort()).toEqual(named.sort())
})

test('its queries look for events that the functions log', () => {
  const source = globSync('functions/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  const sought = [...page.matchAll(/event = "(\w+)"/g)].map(([, event]) => `'${event}'`)

  expect(sought.length).toBeGreaterThan(0)
  expect(sought.filter((event) => !source.some((text) => text.includes(event)))).toEqual([])
})
