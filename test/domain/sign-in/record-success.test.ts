import { afterAll, describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../functions/adapters/bcrypt.ts'
import { createDynamoDbUsers } from '../../../functions/adapters/dynamodb/users.ts'
import { createPasswordHasher } from '../../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../../functions/domain/passwords/password.ts'
import { createAuthenticate } from '../../../functions/domain/sign-in/authenticate.ts'
import { createRecordSuccess } from '../../../functions/domain/sign-in/record-success.ts'
import { bcryptOfEighty, hashes, password } from '../../support/builders/imported-hashes.ts'
import { aUser } from '../../support/contracts/user-store-contract.ts'
import { countCalls } from '../../support/count-calls.ts'
import { unthrottled } from '../../support/fakes/unthrottled.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)
const users = createDynamoDbUsers(table.client, table.name)
const calls = countCalls(table.client)
const hasher = createPasswordHasher(bcrypt)
let made = 0

async function setUp(passwordHash: string) {
  made += 1
  const username = `user-${made}`
  await users.putNewUser(aUser({ username, passwordHash }))
  const authenticate = createAuthenticate({ users, hasher, throttle: unthrottled })
  const recordSuccess = createRecordSuccess({ users, hasher, throttle: unthrottled })
  const logIn = async (text: string) => {
    const password = readPassword(text) as Password
    const outcome = await authenticate({ username, password, address: '203.0.113.7' })
    if (outcome.ok) await recordSuccess(outcome.value, password)
    return outcome
  }
  return { logIn, username, stored: async () => (await users.findUser(username))?.passwordHash ?? '' }
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

  test('is made anew once, and costs one write then and none after', async () => {
    const [[, hash]] = hashes as [[string, string]]
    const { logIn } = await setUp(hash)
    const before = calls.length
    await logIn(password)
    const between = calls.length
    await logIn(password)

    expect(calls.slice(before, between)).toEqual(['GetItem, consistent', 'UpdateItem'])
    expect(calls.slice(between)).toEqual(['GetItem, consistent'])
  })

  // REQ-134
  test('never takes the place of a hash that came after the match', async () => {
    const [[, hash]] = hashes as [[string, string]]
    const { logIn, username, stored } = await setUp(hash)
    const changed = await hasher.hash(readPassword('a password chosen meanwhile') as Password)
    const seen = (await users.findUser(username)) ?? aUser()
    await users.setPassword(username, changed)
    await createRecordSuccess({ users, hasher, throttle: unthrottled })(seen, readPassword(password) as Password)

    expect(await stored()).toBe(changed)
    expect(await logIn(password)).toMatchObject({ ok: false })
  })
})
