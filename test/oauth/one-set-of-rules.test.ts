import { afterAll, expect, test } from '@jest/globals'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

type Step = { readonly username: (own: string) => string; readonly password: (own: string) => string }

const right: Step = { username: (own) => own, password: (own) => own }
const wrong: Step = { ...right, password: () => 'a wrong password' }
const unknown: Step = { username: () => 'nobody-here', password: () => 'a wrong password' }
const padded: Step = { ...right, username: (own) => ` ${own.toUpperCase()} ` }

/** What the throttle has counted, without what names the account. */
const countsIn = async (service: Awaited<ReturnType<typeof createOAuthService>>, username: string) => {
  const counted = await service.stores.attempts.countOnAccount({ identifier: username }, service.clock(), {
    ...{ first: -10_000, growth: 1, max: 50, rest: 1 },
  })
  return counted.ok ? counted.value.failures : 'locked'
}

// DESIGN 18
test.each<[string, readonly Step[]]>([
  ['a right password', [right]],
  ['a wrong password', [wrong]],
  ['an unknown name', [unknown]],
  ['wrong passwords, then the right one', [wrong, wrong, right]],
  ['a name as people type it', [padded]],
  ['wrong passwords up to the lock', Array(11).fill(wrong)],
])('%s is counted and logged on the page as at POST /login', async (_, steps) => {
  const walk = async (by: 'page' | 'json') => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const browser = openBrowser(service)
    const { page } = await browser.authorize(client)
    const before = service.logged().length
    const statuses: boolean[] = []
    for (const step of steps) {
      const credentials = { username: step.username(service.username), password: step.password(service.password) }
      const { status = 0 } =
        by === 'page'
          ? await browser.go('POST', '/sign-in', { ...page.fields, ...credentials })
          : await service.call('POST /login', { json: credentials })
      statuses.push(status < 400)
    }
    const lines = service.logged().slice(before)
    const seen = lines.map(({ event, outcome, reason, sub, user_hash }) => ({
      ...{ event, outcome, reason, user_hash, isOwner: sub === service.account.sub },
    }))
    const { epoch } = await service.stores.sessions.listSessions(service.account.sub)
    return { statuses, seen, epoch, counts: await countsIn(service, service.username) }
  }

  const [byPage, byJson] = [await walk('page'), await walk('json')]
  expect(byPage).toEqual(byJson)
})
