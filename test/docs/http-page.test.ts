import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { canonicalIdentifier } from '../../functions/domain/accounts/identifier.ts'
import { maxPasswordLength } from '../../functions/domain/passwords/password.ts'
import { isCompactJws } from '../../functions/domain/tokens/jws.ts'
import { readJsonBody } from '../../functions/http/api/body.ts'
import { httpEvent } from '../support/builders/events.ts'
import { synthesise } from '../support/builders/stack.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/http.md'), 'utf8')
const [interfaces = '', errors = '', rules = ''] = page.split(/\n## /)
const sortedSet = (words: readonly (string | undefined)[]) => [...new Set(words)].sort()

// REQ-13, REQ-150
test('the page names every route that there is, and which of them ask for a token', async () => {
  const { ofType } = await synthesise({ selfRegistration: true })
  const routes = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties)
  const real = routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType !== 'NONE'].join(' '))
  const named = [...interfaces.matchAll(/^\| `([A-Z]+ \/[^`]*)`(, Bearer)?/gm)].map(
    ([, key, bearer]) => `${key} ${!!bearer}`,
  )

  expect(named.sort()).toEqual(real.sort())
})

// REQ-128
test('the page names every error that a client can get', () => {
  // An administrator's commands are not HTTP.
  const sources = globSync('functions/**/*.ts', { cwd: root, exclude: ['functions/admin'] })
  const real = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/error: '(\w+)'/g)].map(([, error]) => error),
  )
  const named = [...errors.matchAll(/^\| `(\w+)`/gm)].map(([, error]) => error)
  const ofRoutes = interfaces.split('\n').flatMap((row) => [...(row.split('|')[4] ?? '').matchAll(/`(\w+)`/g)])

  expect(named.sort()).toEqual(sortedSet(real))
  expect(ofRoutes.length).toBeGreaterThan(10)
  expect(named).toEqual(expect.arrayContaining(ofRoutes.map(([, error]) => error)))
})

// REQ-150
test('the page says how long things may be', () => {
  const body = (bytes: number) =>
    readJsonBody(
      httpEvent('POST /login', { headers: { 'content-type': 'application/json' }, body: `{}${' '.repeat(bytes - 2)}` }),
    )
  const token = (characters: number) => `AAAA.AAAA.${'A'.repeat(characters - 10)}`

  expect(rules).toContain('at most 16,384 bytes')
  expect([body(16_384).ok, body(16_385).ok]).toEqual([true, false])
  expect(rules).toContain('at most 8,192 characters')
  expect([isCompactJws(token(8190)), isCompactJws(token(8194))]).toEqual([true, false])
  expect(rules).toContain(`1 to ${maxPasswordLength} characters in NFC`)
  expect(rules).toContain('1 to 256 bytes')
  expect([canonicalIdentifier('a'.repeat(256)), canonicalIdentifier('a'.repeat(257))]).toEqual([
    'a'.repeat(256),
    undefined,
  ])
})
