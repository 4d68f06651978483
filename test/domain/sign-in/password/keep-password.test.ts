import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../../functions/adapters/bcrypt.ts'
import { createPasswordHasher } from '../../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readEnteredPassword, readPassword } from '../../../../functions/domain/passwords/password.ts'
import { createAuthenticate } from '../../../../functions/domain/sign-in/authenticate.ts'
import { createKeepPassword } from '../../../../functions/domain/sign-in/password/keep-password.ts'
import { createKnownDevices } from '../../../../functions/domain/throttling/known-devices.ts'
import { createStores } from '../../../../functions/wiring/stores.ts'
import { bcryptOfEighty, hashes, password } from '../../../support/builders/imported-hashes.ts'
import { aUser, createUsers } from '../../../support/builders/users.ts'
import { countCalls } from '../../../support/count-calls.ts'
import { noDevices, unthrottled } from '../../../support/fakes/unthrottled.ts'
import { openTable } from '../../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const stores = createStores(table.client, table.name)
const users = createUsers(stores)
const calls = countCalls(table.client)
const hasher = createPasswordHasher(bcrypt)
const knownDevices = createKnownDevices({ devices: noDevices, randomBytes, clock: () => 0 })
const parts = { ...stores, hasher, throttle: unthrottled, knownDevices }
let made = 0

const hmac = (text: string) => createHmac('sha256', 'saltsalt').update(text).digest('hex')

function logInAs(username: string) {
  const authenticate = createAuthenticate(parts)
  const keepPassword = createKeepPassword(parts)
  return async (text: string) => {
    const entered = readEnteredPassword(text)
    if (!entered) throw new Error('No password.')
    const outcome = await authenticate({ username, ...entered, address: '203.0.113.7', clientId: 'web' })
    if (outcome.ok) await keepPassword(outcome.value, entered)
    return outcome
  }
}

async function setUp(passwordHash: string) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ username, sub: `subject-${made}`, passwordHash }))
  return {
    logIn: logInAs(username),
    username,
    stored: async () => (await users.findUser(username))?.passwordHash ?? '',
  }
}

// REQ-49
describe('an imported hash', () => {
  test.each(hashes)('is argon2id after the first good log-in, and the password stays: %s', async (_, hash) => {
    const { logIn, stored } = await setUp(hash)

    expect(await logIn(password)).toMatchObject({ ok: true })
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await logIn(password)).toMatchObject({ ok: true })
    expect(await logIn(`${password}.`)).toMatchObject({ ok: false })
  })

  test('that was wrapped is argon2id of the password itself after the first good log-in', async () => {
    const wrapped = await hasher.prepareImport(`sha256$saltsalt$${hmac(password)}`)
    const { logIn, stored } = await setUp((wrapped.ok && wrapped.value) || '')

    expect(await stored()).toMatch(/^wrapped\$/)
    expect(await logIn(`${password}.`)).toMatchObject({ ok: false })
    expect(await logIn(password)).toMatchObject({ ok: true })
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await logIn(password)).toMatchObject({ ok: true })
  })

  // REQ-5
  test('of a decomposed password is of its composed form after the first good log-in', async () => {
    const [composed, decomposed] = ['caf\u00e9 au lait', 'cafe\u0301 au lait']
    const imported = await hasher.prepareImport(`sha256$saltsalt$${hmac(decomposed)}`)
    const { logIn } = await setUp((imported.ok && imported.value) || '')

    expect(await logIn(composed)).toMatchObject({ ok: false })
    expect(await logIn(decomposed)).toMatchObject({ ok: true })
    expect(await logIn(composed)).toMatchObject({ ok: true })
    expect(await logIn(decomposed)).toMatchObject({ ok: true })
  })

  test('stays after a wrong password', async () => {
    const [[, hash]] = hashes as [[string, string]]
    const { logIn, stored } = await setUp(hash)
    await logIn('wrong')

    expect(await stored()).toBe(hash)
  })

  test('of bcrypt stays after a password of which it took 72 bytes', async () => {
    const { logIn, stored } = await setUp(bcryptOfEighty)

    expect(await logIn(`${'a'.repeat(72)}anything`)).toMatchObject({ ok: true })
    expect(await stored()).toBe(bcryptOfEighty)
    expect(await logIn('a'.repeat(80))).toMatchObject({ ok: true })
    expect(await stored()).toBe(bcryptOfEighty)
  })

  test('is replaced once, and costs one write then and none after', async () => {
    const [[, hash]] = hashes as [[string, string]]
    const { logIn } = await setUp(hash)
    const before = calls.length
    await logIn(password)
    const between = calls.length
    await logIn(password)

    const reads = [...Array.from({ length: 3 }, () => 'GetItem, consistent'), 'Query, consistent']
    expect(calls.slice(before, between)).toEqual([...reads, 'UpdateItem'])
    expect(calls.slice(between)).toEqual(reads)
  })

  test('that stays is confirmed by the first log-in, with one write then and none after', async () => {
    made += 1
    const username = `stays-${made}`
    const passwordHash = await hasher.hash(readPassword(password) as Password)
    const account = {
      sub: `sub-${username}`,
      identifiers: [username],
      emailVerified: false,
      scope: [],
      disabled: false,
      createdAt: 1,
    }
    await stores.accounts.putNewAccount({ account, passwordHash, isImported: true, subject: 'new' })
    const logIn = logInAs(username)
    const before = calls.length
    await logIn(password)
    const between = calls.length
    await logIn(password)

    const reads = [...Array.from({ length: 3 }, () => 'GetItem, consistent'), 'Query, consistent']
    expect(calls.slice(before, between)).toEqual([...reads, 'UpdateItem'])
    expect(calls.slice(between)).toEqual(reads)
    expect(await stores.passwords.findPassword(account.sub)).toEqual({
      hash: passwordHash,
      isImported: false,
      isInOldSystem: false,
    })
  })

  // REQ-134
  test('never takes the place of a hash that came after the match', async () => {
    const [[, hash]] = hashes as [[string, string]]
    const { logIn, username, stored } = await setUp(hash)
    const changed = await hasher.hash(readPassword('a password chosen meanwhile') as Password)
    const authenticate = createAuthenticate(parts)
    const typed = readPassword(password) as Password
    const seen = await authenticate({ username, password: typed, address: '203.0.113.7', clientId: 'web' })
    await users.setPassword(username, changed)
    const keepPassword = createKeepPassword(parts)
    if (seen.ok) await keepPassword(seen.value, { password: typed })

    expect(await stored()).toBe(changed)
    expect(await logIn(password)).toMatchObject({ ok: false })
  })
})
