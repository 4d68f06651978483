import { describe, expect, test } from '@jest/globals'
import type { Account, NewAccount } from '../../../functions/domain/accounts/account.ts'
import type { MemoryStores } from '../fakes/memory-stores.ts'

/** An account as it is created. */
export const anAccount = (changes: Partial<Account> = {}): Account => ({
  sub: 'subject-of-ada',
  identifiers: ['ada'],
  emailVerified: false,
  scope: ['orders:read', 'orders:write'],
  disabled: false,
  createdAt: 1_700_000_000,
  ...changes,
})

export const aHash = '$argon2id$…'

let made = 0

/** What every store of accounts and passwords must do; `open` gives one where nobody else uses these names. */
export function describeAccountStore(kind: string, open: () => MemoryStores): void {
  async function setUp(changes: Partial<Account> = {}, more: Partial<NewAccount> = {}) {
    made += 1
    const stores = open()
    const name = `${kind}-${made}`
    const account = anAccount({ sub: `sub-of-${name}`, identifiers: [name], ...changes })
    const put = await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new', ...more })
    return { ...stores, account, name, sub: account.sub, put }
  }
  async function setUpInOldSystem() {
    made += 1
    const stores = open()
    const [name, address] = [`${kind}-${made}`, `${kind}-${made}@example.com`]
    const account = anAccount({ sub: `sub-of-${name}`, identifiers: [name, address], emailVerified: true })
    await stores.accounts.putNewAccount({ account, oldUsername: name, subject: 'new' })
    return { name, address, account, sub: account.sub, stores }
  }
  const another = (account: Account, changes: Partial<Account>) => ({ ...account, ...changes })

  describe(`an account in ${kind}`, () => {
    test('is found by its subject, and its subject by its identifier, as it was put', async () => {
      const { accounts, passwords, account, name, sub, put } = await setUp()

      expect(put).toEqual({ ok: true, value: undefined })
      expect(await accounts.findSubject(name)).toBe(sub)
      expect(await accounts.findAccount(sub)).toEqual(account)
      expect(await passwords.findHash(sub)).toBe(aHash)
      expect(await accounts.findSubject(`${name}0`)).toBeUndefined()
      expect(await accounts.findAccount(`${sub}0`)).toBeUndefined()
    })

    test('may have no password, and an empty scope', async () => {
      made += 1
      const { accounts, passwords } = open()
      const account = anAccount({ sub: `bare-${made}`, identifiers: [`bare-${kind}-${made}`], scope: [] })
      await accounts.putNewAccount({ account, subject: 'new' })

      expect(await accounts.findAccount(account.sub)).toEqual(account)
      expect(await passwords.findHash(account.sub)).toBeUndefined()
    })

    test('may have a name and an address, and is found by both', async () => {
      const { accounts, name, sub } = await setUp()
      const both = anAccount({ sub: `${sub}-2`, identifiers: [`${name}@example.com`, `${name}-2`] })
      await accounts.putNewAccount({ account: both, subject: 'new' })

      expect(await accounts.findSubject(`${name}@example.com`)).toBe(both.sub)
      expect(await accounts.findSubject(`${name}-2`)).toBe(both.sub)
    })

    // REQ-40, REQ-134
    test('is the only one, however many ask for its identifier at once', async () => {
      const { accounts, name, sub } = await setUp()
      const rivals = Array.from({ length: 20 }, (_, index) =>
        anAccount({ sub: `${sub}-${index}`, identifiers: [`${name}-wanted`] }),
      )
      const puts = await Promise.all(rivals.map((account) => accounts.putNewAccount({ account, subject: 'new' })))

      expect(puts.filter(({ ok }) => ok)).toHaveLength(1)
      const winner = rivals[puts.findIndex(({ ok }) => ok)]
      expect(await accounts.findSubject(`${name}-wanted`)).toBe(winner?.sub)
      const found = await Promise.all(rivals.map((rival) => accounts.findAccount(rival.sub)))
      expect(found.filter((each) => each !== undefined)).toEqual([winner])
    })

    // REQ-153
    test('keeps its subject: no other account gets it, and the attempt changes nothing', async () => {
      const { accounts, account, name, sub } = await setUp()
      const thief = another(account, { identifiers: [`${name}-thief`] })

      for (const subject of ['new', 'imported', 'restored'] as const)
        expect(await accounts.putNewAccount({ account: thief, subject })).toEqual({
          ok: false,
          failure: { reason: 'subject_taken' },
        })
      expect(await accounts.findSubject(`${name}-thief`)).toBeUndefined()
      expect(await accounts.findAccount(sub)).toEqual(account)
    })

    // REQ-153
    test('leaves its epoch behind, and its subject only comes back when it is restored', async () => {
      const { accounts, passwords, sessions, account, name, sub } = await setUp()
      expect(await accounts.deleteAccount(account)).toBe(true)

      expect([
        await accounts.findSubject(name),
        await accounts.findAccount(sub),
        await passwords.findHash(sub),
      ]).toEqual([undefined, undefined, undefined])
      const epoch = await sessions.readEpoch(sub)
      expect(epoch).toBeGreaterThan(0)
      expect(await accounts.putNewAccount({ account, subject: 'imported' })).toEqual({
        ok: false,
        failure: { reason: 'subject_deleted' },
      })
      expect(await accounts.putNewAccount({ account, subject: 'restored' })).toEqual({ ok: true, value: undefined })
      expect(await sessions.readEpoch(sub)).toBeGreaterThan(epoch)
      await accounts.deleteAccount(account)
      expect(await accounts.putNewAccount({ account, subject: 'imported' })).toMatchObject({ ok: false })
    })

    test('is not deleted if it is no longer as it was read', async () => {
      const { accounts, account, name, sub } = await setUp()
      await accounts.replaceIdentifier(account, name, `${name}-new`)

      expect(await accounts.deleteAccount(account)).toBe(false)
      expect(await accounts.findSubject(`${name}-new`)).toBe(sub)
    })

    test('is disabled, which raises the epoch, and enabled again', async () => {
      const { accounts, sessions, account, sub } = await setUp()
      const before = await sessions.readEpoch(sub)

      expect(await accounts.disableAccount(sub)).toBe(true)
      expect(await accounts.findAccount(sub)).toEqual({ ...account, disabled: true })
      expect(await sessions.readEpoch(sub)).toBe(before + 1)
      expect(await accounts.enableAccount(sub)).toEqual(account)
    })

    test('is given another scope, and none', async () => {
      const { accounts, account, sub } = await setUp()

      expect(await accounts.setScope(sub, ['b', 'a'])).toEqual({ ...account, scope: ['b', 'a'] })
      expect(await accounts.setScope(sub, [])).toEqual({ ...account, scope: [] })
      expect(await accounts.findAccount(sub)).toEqual({ ...account, scope: [] })
    })

    test('is put into other groups, and into none', async () => {
      const { accounts, account, sub } = await setUp()

      expect(await accounts.setGroups(sub, ['editors', 'admin'])).toEqual({ ...account, groups: ['editors', 'admin'] })
      expect(await accounts.findAccount(sub)).toEqual({ ...account, groups: ['editors', 'admin'] })
      expect(await accounts.setGroups(sub, ['admin'])).toEqual({ ...account, groups: ['admin'] })
      expect((await accounts.setGroups(sub, []))?.groups).toBeUndefined()
      expect((await accounts.findAccount(sub))?.groups).toBeUndefined()
    })

    test('comes with its groups', async () => {
      const { accounts, account, name } = await setUp()
      const member = another(account, { sub: `member-${name}`, identifiers: [`member-${name}`], groups: ['admin'] })
      await accounts.putNewAccount({ account: member, subject: 'new' })

      expect(await accounts.findAccount(member.sub)).toEqual(member)
    })

    test('does not come into being by being changed', async () => {
      const { accounts, passwords, account, name } = await setUp()
      const nobody = another(account, { sub: `nobody-${name}`, identifiers: [`nobody-${name}`] })

      expect(await accounts.disableAccount(nobody.sub)).toBe(false)
      expect(await accounts.enableAccount(nobody.sub)).toBeUndefined()
      expect(await accounts.setScope(nobody.sub, ['a'])).toBeUndefined()
      expect(await accounts.setGroups(nobody.sub, ['a'])).toBeUndefined()
      expect(await accounts.setGroups(nobody.sub, [])).toBeUndefined()
      expect(await accounts.deleteAccount(nobody)).toBe(false)
      expect(await passwords.setHash(nobody.sub, 'new')).toBe(false)
      expect(await passwords.renewHash(nobody.sub, aHash, 'new')).toBe(false)
      expect(await passwords.changeHash(nobody.sub, { from: aHash, to: 'new', epoch: 0 })).toBeUndefined()
      expect(await accounts.findAccount(nobody.sub)).toBeUndefined()
      expect(await passwords.findHash(nobody.sub)).toBeUndefined()
    })
  })

  describe(`an identifier in ${kind}`, () => {
    test('is replaced; subject, scope and epoch stay, and the old one is free', async () => {
      const { accounts, sessions, account, name, sub } = await setUp()
      const renamed = { ...account, identifiers: [`${name}-new`] }

      expect(await accounts.replaceIdentifier(account, name, `${name}-new`)).toEqual({ ok: true, value: renamed })
      expect(await accounts.findSubject(`${name}-new`)).toBe(sub)
      expect(await accounts.findSubject(name)).toBeUndefined()
      expect(await accounts.findAccount(sub)).toEqual(renamed)
      expect(await sessions.readEpoch(sub)).toBe(0)
    })

    test('that is a new address is unverified, and a new name leaves the address as it is', async () => {
      const { accounts, name, sub } = await setUp()
      const [first, second] = [`${name}@example.com`, `${name}@example.org`]
      const verified = anAccount({ sub: `${sub}-2`, identifiers: [`${name}-2`, first], emailVerified: true })
      await accounts.putNewAccount({ account: verified, subject: 'new' })

      await accounts.replaceIdentifier(verified, `${name}-2`, `${name}-3`)
      const renamed = await accounts.findAccount(verified.sub)
      expect(renamed).toEqual({ ...verified, identifiers: [`${name}-3`, first] })
      if (renamed) await accounts.replaceIdentifier(renamed, first, second)
      expect(await accounts.findAccount(verified.sub)).toEqual({
        ...verified,
        identifiers: [`${name}-3`, second],
        emailVerified: false,
      })
    })

    test('of another account is not taken', async () => {
      const { accounts, account, name, sub } = await setUp()
      const other = another(account, { sub: `${sub}-2`, identifiers: [`${name}-2`] })
      await accounts.putNewAccount({ account: other, subject: 'new' })

      expect(await accounts.replaceIdentifier(account, name, `${name}-2`)).toEqual({
        ok: false,
        failure: { reason: 'username_taken' },
      })
      expect(await accounts.findAccount(sub)).toEqual(account)
      expect(await accounts.findSubject(`${name}-2`)).toBe(other.sub)
    })

    // REQ-134
    test('is replaced once, however many replace it at once', async () => {
      const { accounts, account, name, sub } = await setUp()
      const names = Array.from({ length: 8 }, (_, index) => `${name}-${index}`)
      const renames = await Promise.all(names.map((to) => accounts.replaceIdentifier(account, name, to)))
      const won = names.filter((_, index) => renames[index]?.ok)

      expect(won).toHaveLength(1)
      expect((await accounts.findAccount(sub))?.identifiers).toEqual(won)
      const found = await Promise.all([name, ...names].map(accounts.findSubject))
      expect(found.filter((each) => each !== undefined)).toEqual([sub])
    })
  })

  describe(`an address in ${kind}`, () => {
    test('comes beside a name, replaces the one before, and is verified or not', async () => {
      const { accounts, sessions, account, name, sub } = await setUp()
      const [first, second] = [`${name}@example.com`, `${name}@example.org`]
      const added = { ...account, identifiers: [name, first], emailVerified: true }
      const replaced = { ...account, identifiers: [name, second], emailVerified: false }

      expect(await accounts.setAddress(account, first, true)).toEqual({ ok: true, value: added })
      expect(await accounts.findAccount(sub)).toEqual(added)
      expect(await accounts.setAddress(added, second, false)).toEqual({ ok: true, value: replaced })
      expect(await accounts.findAccount(sub)).toEqual(replaced)
      expect(await accounts.setAddress(replaced, second, true)).toMatchObject({ ok: true })
      expect(await accounts.findAccount(sub)).toEqual({ ...replaced, emailVerified: true })
      expect(await Promise.all([name, first, second].map(accounts.findSubject))).toEqual([sub, undefined, sub])
      expect(await sessions.readEpoch(sub)).toBe(0)
    })

    test('of another account is not taken, and an account that was renamed is left as it is', async () => {
      const { accounts, account, name } = await setUp()
      const [address, free] = [`${name}@example.com`, `${name}@example.org`]
      const other = another(account, { sub: `${account.sub}-2`, identifiers: [address] })
      await accounts.putNewAccount({ account: other, subject: 'new' })

      expect(await accounts.setAddress(account, address, true)).toEqual({
        ok: false,
        failure: { reason: 'address_taken' },
      })
      await accounts.replaceIdentifier(account, name, `${name}-new`)
      expect(await accounts.setAddress(account, free, true)).toEqual({
        ok: false,
        failure: { reason: 'changed_meanwhile' },
      })
      expect(await accounts.findSubject(free)).toBeUndefined()
    })

    // REQ-134
    test('is set once, however many set one at once', async () => {
      const { accounts, account, name, sub } = await setUp()
      const addresses = Array.from({ length: 8 }, (_, index) => `${name}-${index}@example.com`)
      const set = await Promise.all(addresses.map((address) => accounts.setAddress(account, address, true)))
      const won = addresses.filter((_, index) => set[index]?.ok)

      expect(won).toHaveLength(1)
      expect((await accounts.findAccount(sub))?.identifiers).toEqual([name, ...won])
      const found = await Promise.all(addresses.map(accounts.findSubject))
      expect(found.filter((each) => each !== undefined)).toEqual([sub])
    })
  })

  describe(`a password in ${kind}`, () => {
    test('is renewed only from the hash that was matched, and raises no epoch', async () => {
      const { passwords, sessions, sub } = await setUp()

      expect(await passwords.renewHash(sub, 'another', 'new')).toBe(false)
      expect(await passwords.renewHash(sub, aHash, 'new')).toBe(true)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['new', 0])
    })

    test('is set, whatever it was, and raises the epoch', async () => {
      const { passwords, sessions, sub } = await setUp()

      expect(await passwords.setHash(sub, 'new')).toBe(true)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['new', 1])
    })

    test('that was imported is known as one until it is renewed, confirmed, changed or set', async () => {
      const ends: readonly ((stores: MemoryStores, sub: string) => Promise<unknown>)[] = [
        ({ passwords }, sub) => passwords.renewHash(sub, aHash, 'new'),
        ({ passwords }, sub) => passwords.confirmHash(sub, aHash),
        ({ passwords }, sub) => passwords.changeHash(sub, { from: aHash, to: 'new', epoch: 0 }),
        ({ passwords }, sub) => passwords.setHash(sub, 'new'),
      ]
      for (const end of ends) {
        const { sub, ...stores } = await setUp({}, { isImported: true })
        const before = await stores.passwords.findPassword(sub)
        await end(stores, sub)
        const after = await stores.passwords.findPassword(sub)

        expect(before).toEqual({ hash: aHash, isImported: true, isInOldSystem: false })
        expect(after).toEqual({ hash: expect.any(String), isImported: false, isInOldSystem: false })
      }
    })

    test('that was imported is not confirmed by a log-in with another hash', async () => {
      const { passwords, sub } = await setUp({}, { isImported: true })

      expect(await passwords.confirmHash(sub, 'another')).toBe(false)
      expect(await passwords.findPassword(sub)).toEqual({ hash: aHash, isImported: true, isInOldSystem: false })
    })

    test('that was imported is replaced, or taken away, and raises the epoch; the mark stays', async () => {
      const { passwords, sessions, name, sub } = await setUp({}, { isImported: true })

      expect(await passwords.replaceImported({ identifier: name, sub, hash: 'newer' })).toBe(true)
      expect(await passwords.findPassword(sub)).toEqual({ hash: 'newer', isImported: true, isInOldSystem: false })
      expect(await passwords.replaceImported({ identifier: name, sub, hash: undefined })).toBe(true)
      expect(await passwords.findPassword(sub)).toEqual({ hash: undefined, isImported: true, isInOldSystem: false })
      expect(await passwords.replaceImported({ identifier: name, sub, hash: 'newest' })).toBe(true)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['newest', 3])
    })

    test('is not replaced as an imported one that it is not, under another name, or of no account', async () => {
      const { passwords, sessions, name, sub } = await setUp()
      const other = await setUp({}, { isImported: true })

      expect(await passwords.replaceImported({ identifier: name, sub, hash: 'newer' })).toBe(false)
      expect(await passwords.replaceImported({ identifier: name, sub: other.sub, hash: 'newer' })).toBe(false)
      expect(await other.passwords.replaceImported({ identifier: name, sub: other.sub, hash: 'newer' })).toBe(false)
      await other.accounts.deleteAccount(other.account)
      const { name: identifier } = other
      expect(await other.passwords.replaceImported({ identifier, sub: other.sub, hash: 'newer' })).toBe(false)
      expect(await other.passwords.findPassword(other.sub)).toBeUndefined()
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual([aHash, 0])
    })

    test('may be in the old system, until it is set: by an administrator, or as the old system confirms it', async () => {
      const ends: readonly ((stores: MemoryStores, sub: string, name: string) => Promise<unknown>)[] = [
        ({ passwords }, sub) => passwords.setHash(sub, 'new'),
        ({ passwords }, sub, identifier) =>
          passwords.setMigratedHash({ identifier, sub, hash: 'new', verified: false }),
      ]
      for (const end of ends) {
        const { sub, name, stores } = await setUpInOldSystem()
        const before = await stores.passwords.findPassword(sub)
        const ended = await end(stores, sub, name)
        const again = await stores.passwords.setMigratedHash({ identifier: name, sub, hash: 'newer', verified: true })

        expect(before).toEqual({ hash: undefined, isImported: false, isInOldSystem: true })
        expect([ended, again]).toEqual([true, false])
        expect(await stores.passwords.findPassword(sub)).toEqual({
          hash: 'new',
          isImported: false,
          isInOldSystem: false,
        })
      }
    })

    test('in the old system is set for the identifier that the account came with, or for a verified one', async () => {
      const { sub, name, address, stores } = await setUpInOldSystem()
      const { passwords, accounts, sessions } = stores
      const set = (identifier: string, verified: boolean) =>
        passwords.setMigratedHash({ identifier, sub, hash: 'new', verified })

      expect(await set(address, false)).toBe(false)
      expect(await set(`${name}-of-nobody`, true)).toBe(false)
      expect((await accounts.findAccount(sub))?.identifiers).toEqual([name, address])
      expect(await passwords.findHash(sub)).toBeUndefined()
      expect(await set(address, true)).toBe(true)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['new', 0])
    })

    test('in the old system is set once, however many ask at once, and never for a deleted account', async () => {
      const { sub, name: identifier, account, stores } = await setUpInOldSystem()
      const { passwords, accounts } = stores
      const sets = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          passwords.setMigratedHash({ identifier, sub, hash: `new ${index}`, verified: false }),
        ),
      )

      expect(sets.filter((isSet) => isSet)).toHaveLength(1)
      expect(await passwords.findHash(sub)).toBe(`new ${sets.indexOf(true)}`)
      await accounts.deleteAccount(account)
      expect(await passwords.setMigratedHash({ identifier, sub, hash: 'late', verified: true })).toBe(false)
      expect(await passwords.findPassword(sub)).toBeUndefined()
    })

    test('changes only from the hash and the epoch that were read', async () => {
      const { passwords, sessions, sub } = await setUp()

      expect(await passwords.changeHash(sub, { from: 'another', to: 'new', epoch: 0 })).toBeUndefined()
      expect(await passwords.changeHash(sub, { from: aHash, to: 'new', epoch: 1 })).toBeUndefined()
      expect(await passwords.changeHash(sub, { from: aHash, to: 'second', epoch: 0 })).toBe(1)
      expect(await passwords.changeHash(sub, { from: 'second', to: 'third', epoch: 0 })).toBeUndefined()
      expect(await passwords.changeHash(sub, { from: 'second', to: 'third', epoch: 1 })).toBe(2)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['third', 2])
    })

    // REQ-101
    test('changes once, however many change it at once', async () => {
      const { passwords, sessions, sub } = await setUp()
      const changes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          passwords.changeHash(sub, { from: aHash, to: `new ${index}`, epoch: 0 }),
        ),
      )

      expect(changes.filter((epoch) => epoch === 1)).toHaveLength(1)
      expect(await passwords.findHash(sub)).toBe(`new ${changes.indexOf(1)}`)
      expect(await sessions.readEpoch(sub)).toBe(1)
    })
  })

  describe(`the directory in ${kind}`, () => {
    test('lists accounts by name, in the order of bytes, page by page', async () => {
      const { accounts, name } = await setUp()
      const names = ['b', 'a', '｡', '\u{1f600}', 'c', 'é'].map((end) => `${name}+${end}`)
      for (const each of names)
        await accounts.putNewAccount({
          account: anAccount({ sub: each.slice(-3), identifiers: [each] }),
          subject: 'new',
        })
      const first = await accounts.listAccounts({ prefix: `${name}+`, after: undefined, limit: 4 })
      const second = await accounts.listAccounts({ prefix: `${name}+`, after: first.cursor, limit: 4 })

      const listed = [...first.accounts, ...second.accounts].map(({ identifiers }) => identifiers[0])
      expect(listed).toEqual(['a', 'b', 'c', 'é', '｡', '\u{1f600}'].map((end) => `${name}+${end}`))
      expect([first.accounts.length, first.cursor, second.cursor]).toEqual([4, `${name}+é`, undefined])
    })

    test('follows renames and deletions, and lists each account once', async () => {
      const { accounts, account, name } = await setUp()
      const renamed = await accounts.replaceIdentifier(account, name, `${name}-new`)
      const list = async () => (await accounts.listAccounts({ prefix: name, after: undefined, limit: 10 })).accounts

      expect(await list()).toEqual([{ ...account, identifiers: [`${name}-new`] }])
      if (renamed.ok) await accounts.deleteAccount(renamed.value)
      expect(await list()).toEqual([])
    })
  })
}
