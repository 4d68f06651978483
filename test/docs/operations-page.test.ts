import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { synthesise } from '../support/builders/stack.ts'

type Limits = { readonly ThrottlingRateLimit?: number; readonly ThrottlingBurstLimit?: number }

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')

test('the page on operations says what to do at each alarm, and at none that does not exist', async () => {
  const alarms = (await synthesise({ stage: 'prod' })).ofType('AWS::CloudWatch::Alarm')
  const named = alarms.map(([, { Properties }]) => /"(\w+)"\.$/.exec(`${Properties['AlarmDescription']}`)?.[1])
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading)

  expect(headings.sort()).toEqual(named.sort())
})

test('it names the limits that log-ins really have', async () => {
  const { RouteSettings } = (await synthesise({ stage: 'prod' })).only('AWS::ApiGatewayV2::Stage').Properties
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } =
    (RouteSettings as Record<string, Limits>)['POST /login'] ?? {}

  expect(page).toContain(`the gateway lets ${rate} log-ins a second through and ${burst} at once`)
  expect(page).toContain(`put it back by hand (${rate} and ${burst})`)
  expect(readFileSync(join(root, 'docs/cost.md'), 'utf8')).toContain(`lets through, ${rate} a second`)
})

test('its queries look for events that the functions log', () => {
  const source = globSync('functions/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  const sought = [...page.matchAll(/event = "(\w+)"/g)].map(([, event]) => `'${event}'`)

  expect(sought.length).toBeGreaterThan(0)
  expect(sought.filter((event) => !source.some((text) => text.includes(event)))).toEqual([])
})
