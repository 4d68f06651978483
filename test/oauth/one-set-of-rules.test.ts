import { afterAll, expect, test } from '@jest/globals'
import { hashOfDevice } from '../../functions/domain/throttling/known-devices.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

type Step = {
  readonly username: (own: string) => string
  readonly password: (own: string) => string
  readonly isKept?: boolean
}

const right: Step = { username: (own) => own, password: (own) => own }
const wrong: Step = { ...right, password: () => 'a wrong password' }
const unknown: Step = { username: () => 'nobody-here', password: () => 'a wrong password' }
const kept: Step = { ...right, isKept: true }
const padded: Step = { ...right, username: (own) => ` ${own.toUpperCase()} ` }

const deviceCookie = '__Host-latchkey-device'

/** What the throttle has counted, without what names the account. */
const countsIn = async (service: Awaited<ReturnType<typeof createOAuthService>>, username: string) => {
  const counted = await service.stores.attempts.countOnAccount({ identifier: username }, service.clock(), {
    ...{ first: -10_000, growth: 1, max: 50, rest: 1 },
  })
  return counted.ok ? counted.value.failures : 'locked'
}

/** Of the devices that the client or the browser was told of, those that are known. */
const knownIn = (
  { stores, account, clock }: Awaited<ReturnType<typeof createOAuthService>>,
  devices: readonly (string | undefined)[],
) =>
  Promise.all(
    devices
      .filter((device) => device !== undefined)
      .map((device) => stores.devices.findDevice({ hash: hashOfDevice(device), sub: account.sub }, clock())),
  )

// DESIGN 18
test.each<[string, readonly Step[]]>([
  ['a right password', [right]],
  ['a wrong password', [wrong]],
  ['an unknown name', [unknown]],
  ['wrong passwords, then the right one', [wrong, wrong, right]],
  ['a name as people type it', [padded]],
  ['wrong passwords up to the lock', Array(11).fill(wrong)],
  ['a device that is remembered', [kept]],
  ['a wrong password on a known device, and the right one', [kept, wrong, right]],
  ['a known device that is remembered again', [kept, kept]],
  ['a known device that ten wrong passwords make unknown', [kept, ...Array(10).fill(wrong), kept]],
])('%s is counted and logged on the page as at POST /login', async (_, steps) => {
  const walk = async (by: 'page' | 'json') => {
    const service = await createOAuthService(table)
    const client = await service.putClient()
    const browser = openBrowser(service)
    const { page } = await browser.authorize(client)
    const before = service.logged().length
    const statuses: boolean[] = []
    const devices: (string | undefined)[] = []
    for (const step of steps) {
      const credentials = { username: step.username(service.username), password: step.password(service.password) }
      const device = devices.findLast((each) => each !== undefined)
      const answer =
        by === 'page'
          ? await browser.go('POST', '/sign-in', { ...page.fields, ...credentials, ...(step.isKept && { keep: 'on' }) })
          : await service.call('POST /login', {
              json: { ...credentials, remember_device: step.isKept ?? false, device_token: device },
            })
      const { status = 0, text } = answer
      statuses.push(status < 400)
      devices.push(by === 'page' ? browser.jar.get(deviceCookie) : (JSON.parse(text).device_token ?? device))
    }
    const lines = service.logged().slice(before)
    const seen = lines.map(({ event, outcome, reason, sub, user_hash }) => ({
      ...{ event, outcome, reason, user_hash, isOwner: sub === service.account.sub },
    }))
    const { epoch } = await service.stores.sessions.listSessions(service.account.sub)
    const counts = await countsIn(service, service.username)
    const device = devices.map((each) => (each === undefined ? undefined : devices.indexOf(each)))
    return { statuses, seen, epoch, counts, device, known: await knownIn(service, devices) }
  }

  const [byPage, byJson] = [await walk('page'), await walk('json')]
  expect(byPage).toEqual(byJson)
})
