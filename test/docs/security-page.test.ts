import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { itemKinds } from '../../infra/construct/auth-table.ts'
import { readSettings } from '../../infra/construct/settings.ts'

const page = readFileSync(join(import.meta.dirname, '../../SECURITY.md'), 'utf8')

// REQ-144
test('the inventory names every kind of item that the table may hold', () => {
  const named = [...page.matchAll(/`([A-Z]+#?)`/g)].map(([, name]) => name)

  expect([...new Set(named)].sort()).toEqual(
    Object.values(itemKinds)
      .map((pattern) => pattern.replace('*', ''))
      .sort(),
  )
})

// REQ-150
test('its numbers are those of the settings', () => {
  const settings = readSettings({})
  const days = (seconds: number) => seconds / 86_400

  expect(page).toContain(`valid for ${settings.accessTokenLifetime / 60} minutes`)
  expect(page).toContain(
    `${settings.accountFailures} failures lock an account, ${settings.addressFailures.toLocaleString('en')} attempts in a quarter of an hour an address; ${settings.minimumPasswordLength} characters`,
  )
  expect(page).toContain(`${settings.sessionsPerUser} sessions`)
  expect(page).toContain(`Within the grace (${settings.refreshGrace} s)`)
  expect(page).toContain(`its end (${days(settings.sessionIdleLimit)} and ${days(settings.sessionLimit)} days)`)
  expect(page).toContain(`\`logRetention\`, ${settings.logRetention} days`)
  expect(page).toContain(`| ${settings.keySpec} (\`keySpec\`: RSA_3072), RS256`)
})
