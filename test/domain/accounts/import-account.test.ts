import { describe, expect, test } from '@jest/globals'
import { bcrypt } from '../../../functions/adapters/bcrypt.ts'
import { createImportAccount } from '../../../functions/domain/accounts/import-account.ts'
import { createPasswordHasher } from '../../../functions/domain/passwords/hashing/password-hasher.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'

const options = { restore: false, allowPersonalSub: false, update: false, dryRun: false }

function setUp() {
  const { accounts, passwords, sessions } = createMemoryStores()
  const hasher = createPasswordHasher(bcrypt)
  const importAccount = createImportAccount({
    ...{ accounts, passwords, sessions, hasher },
    ...{ scopes: [], clock: () => 1, newId: () => 'sub' },
  })
  const ada = { username: 'ada', scope: [], disabled: false, sub: undefined }
  return {
    importAda: (passwordHash: string | undefined) => importAccount({ ...ada, passwordHash }, options),
    stored: () => passwords.findHash('sub'),
    found: () => accounts.findSubject('ada'),
  }
}

// REQ-50
describe('the import of an account', () => {
  test.each([undefined, '', '!fW2FW6quWMMLy2j2CaeZvKEmZ7Kk1kyVYymyIUio'])(
    'gives it no password where it had none: %j',
    async (passwordHash) => {
      const { importAda, stored, found } = setUp()

      expect(await importAda(passwordHash)).toMatchObject({ ok: true })
      expect(await found()).toBe('sub')
      expect(await stored()).toBeUndefined()
    },
  )

  test('stores a fast digest inside a slow hash', async () => {
    const { importAda, stored } = setUp()
    const digest = '{SSHA}KCkEJxKh1z7D9S5QOwOtiOyMciQSQsgZ'

    expect(await importAda(digest)).toMatchObject({ ok: true })
    expect(await stored()).toMatch(/^wrapped\$[\w-]+\$argon2id\$/)
  })

  test('creates nothing where the hash cannot be used, and says which part of it', async () => {
    const { importAda, found } = setUp()
    const failure = { reason: 'unverifiable_hash', part: 'cost' }

    expect(await importAda('$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy')).toEqual({
      ok: false,
      failure,
    })
    expect(await found()).toBeUndefined()
  })
})
