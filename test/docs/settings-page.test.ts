import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { addressWindow, pausesFrom } from '../../functions/domain/throttling/throttle.ts'
import { readSettings } from '../../infra/construct/settings.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const page = read('README.md')
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0]?.replace(/\s+/g, ' ')
const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^` ]+)`/g)].map(([, word = '']) => word)

type Row = readonly [names: readonly string[], preset: string, allowed: string]
const rows: readonly Row[] =
  page
    .split('\n| setting ')[1]
    ?.split('\n\n')[0]
    ?.split('\n')
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, names = '', preset = '', allowed = '']) => [quoted(names), preset, allowed]) ?? []

const defaults: Readonly<Record<string, unknown>> = readSettings({})
const takes = (name: string, value: unknown): boolean => {
  try {
    return readSettings({ [name]: value }) !== undefined
  } catch {
    return false
  }
}

// REQ-150
describe('the table of settings', () => {
  test('names every setting, and none that is not one', () => {
    const known = /there are (.*)$/m.exec(refusalOf({ x: 1 }))?.[1]?.split(', ') ?? []

    expect(known.length).toBeGreaterThan(20)
    expect(rows.flatMap(([names]) => names)).toEqual(expect.arrayContaining(known))
    expect(rows.flatMap(([names]) => names)).toHaveLength(known.length)
  })

  test.each(rows)('says what %j is where it is left out', ([name = ''], preset) => {
    const said = /^\d+/.exec(preset)?.[0] ?? quoted(preset)[0]
    const real = [defaults[name] ?? []].flat().join(' ')

    expect(said ?? '').toBe(real)
  })

  const bounded = rows.flatMap(([[name = ''], , allowed]): [string, number, number][] => {
    const [, least, most] = /(?:(\d+) to|up to) (\d+)/.exec(allowed) ?? []
    return most === undefined ? [] : [[name, /0 is off/.test(allowed) ? 0 : Number(least), Number(most)]]
  })

  test('has bounds where the settings have', () => {
    expect(bounded.map(([name]) => name).sort()).toEqual(
      Object.keys(defaults)
        .filter((name) => typeof defaults[name] === 'number' && name !== 'logRetention')
        .sort(),
    )
  })

  test.each(bounded)('says between which numbers %s lies: %d and %d', (name, least, most) => {
    expect([least - 1, least, most, most + 1].map((value) => takes(name, value))).toEqual([false, true, true, false])
  })

  test.each(rows.filter(([, , allowed]) => /^`/.test(allowed)))(
    'gives words for %j that are taken',
    ([name = ''], _, allowed) => {
      expect(quoted(allowed).filter((word) => !takes(name, word))).toEqual([])
    },
  )
})

// REQ-150
test("the construct's props have the defaults that its documentation says", () => {
  const documented = [
    ...read('infra/construct/token-auth-props.ts').matchAll(/@default (\S+).*\n\s*\*\/\n\s*readonly (\w+)/g),
  ]
  const said = documented.map(([, value = '', name = '']) => [name, value])
  const inWords = ([name, value]: readonly string[]) =>
    value === '-' || /^R[a-z]/.test(value ?? '') || name === 'monitoring'
  const real = said.map(([name = '']) => [name, JSON.stringify(defaults[name])?.replaceAll('"', "'")])

  expect(said.length).toBeGreaterThan(15)
  expect(said.filter((each) => !inWords(each))).toEqual(real.filter((_, index) => !inWords(said[index] ?? [])))
})

// REQ-25, REQ-150
test('the page says for how long whose guesses are locked out', () => {
  const { accountFailures, addressFailures } = readSettings({})
  const { first, growth, max, rest } = pausesFrom(accountFailures)
  const pauseAfter = (failures: number) => first + (failures - 1) * growth
  const guessing = section('Guessing')

  expect(guessing).toContain(
    `The ${accountFailures}th wrong password in a row (\`accountFailures\`) locks the log-in for ${pauseAfter(accountFailures)} seconds, each further one for ${growth} seconds longer, 26 minutes after the ${max - 1}th; after the ${max}th for a day`,
  )
  expect([pauseAfter(max - 1), rest, addressWindow]).toEqual([1590, 86_400, 900])
  expect(guessing).toContain(`${addressFailures.toLocaleString('en')} attempts in a quarter of an hour`)
})

// REQ-96, REQ-150
test('the page says how long a log-out takes, and when a session ends', () => {
  const { accessTokenLifetime: life, authorizerCache: cache, refreshGrace, sessionsPerUser } = readSettings({})
  const { sessionIdleLimit, sessionLimit } = readSettings({})
  const days = (seconds: number) => seconds / 86_400

  expect(section('How long does a log-out take?')).toContain(`${life} + ${cache} = **${life + cache} seconds**`)
  expect(section('How long does a log-out take?')).toContain(`**${cache} seconds**; 0 without the cache`)
  const sessions = section('Stay logged in, log out')
  expect(sessions).toContain(`\`refreshGrace\` seconds (${refreshGrace})`)
  expect(sessions).toContain(`ends ${days(sessionIdleLimit)} days after its last refresh`)
  expect(sessions).toContain(`${days(sessionLimit)} days after the log-in`)
  expect(sessions).toContain(`at most ${sessionsPerUser} (\`sessionsPerUser\`)`)
})

function refusalOf(context: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(readSettings(context))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}
