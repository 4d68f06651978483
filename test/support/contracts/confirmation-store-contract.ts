import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Account } from '../../../functions/domain/accounts/account.ts'
import type { CodeBindings, CodePayloads, CodePurpose } from '../../../functions/domain/codes/code-store.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import type { ConfirmingStores } from '../fakes/memory-stores.ts'
import { stoppedClock } from '../fakes/stopped-clock.ts'
import { aHash, anAccount } from './account-store-contract.ts'

let made = 0

/** An account with a name and an address, and codes that were mailed and match. */
export async function openConfirmations(kind: string, stores: ConfirmingStores) {
  made += 1
  const name = `${kind}-${made}`
  const sub = `sub-of-${name}`
  const address = `${name}@example.com`
  const account = anAccount({ sub, identifiers: [name, address], emailVerified: true })
  await stores.accounts.putNewAccount({ account, passwordHash: aHash, subject: 'new' })
  const codes = createCodes({ store: stores.codes, randomBytes, clock: stoppedClock() })

  /** What was tried and matched, and another mail for the same ticket. */
  async function match<Purpose extends CodePurpose>(
    purpose: Purpose,
    payload: CodePayloads[Purpose],
    binding: CodeBindings[Purpose],
  ) {
    const { ticket, handle } = await codes.open(purpose, payload)
    const code = (await codes.renewCode(purpose, handle, binding)) ?? ''
    const tried = await codes.tryCode(purpose, ticket, code)
    if (!tried.ok) throw new Error('The right code did not match.')
    return {
      code: tried.value,
      isGood: async () => (await codes.tryCode(purpose, ticket, code)).ok,
      renew: () => codes.renewCode(purpose, handle, binding),
      exhaust: async () => {
        for (let tries = 0; tries < 5; tries += 1) await codes.tryCode(purpose, ticket, '')
      },
    }
  }
  return {
    ...stores,
    ...{ name, sub, address, account },
    register: (username: string | undefined, to: string) =>
      match('register', { ...(username !== undefined && { username }), address: to, passwordHash: 'new' }, undefined),
    recover: (bound: Partial<CodeBindings['recover']> = {}) =>
      match('recover', { identifier: name }, { sub, epoch: 0, address, ...bound }),
    changeAddress: (to: string, epoch = 0) => match('email', { sub, epoch, address: to }, undefined),
    find: () => stores.accounts.findAccount(sub),
  }
}

const wrongCode = { ok: false, failure: { reason: 'wrong_code' } }
const refused = (reason: string) => ({ ok: false, failure: { reason } })
const done = { ok: true, value: undefined }

/** What every store of confirmations must do. */
export function describeConfirmationStore(kind: string, open: () => ConfirmingStores): void {
  const setUp = () => openConfirmations(kind, open())
  const newcomer = (name: string, changes: Partial<Account> = {}) =>
    anAccount({
      sub: `sub-of-new-${name}`,
      identifiers: [`new-${name}`, `new-${name}@example.com`],
      emailVerified: true,
      ...changes,
    })

  // REQ-165
  describe(`a confirmed registration in ${kind}`, () => {
    test('creates the account with the password of the registration, and uses up the code', async () => {
      const { accounts, passwords, confirmations, register, name } = await setUp()
      const account = newcomer(name)
      const { code, isGood } = await register(`new-${name}`, `new-${name}@example.com`)

      expect(await accounts.findSubject(`new-${name}@example.com`)).toBeUndefined()
      expect(await confirmations.confirmAccount(account, code)).toEqual(done)
      expect(await accounts.findAccount(account.sub)).toEqual(account)
      expect(await passwords.findHash(account.sub)).toBe('new')
      for (const each of account.identifiers) expect(await accounts.findSubject(each)).toBe(account.sub)
      expect(await isGood()).toBe(false)
    })

    // REQ-134, REQ-161
    test('is one, however many confirm it at once', async () => {
      const { accounts, confirmations, register, name } = await setUp()
      const { code } = await register(undefined, `new-${name}@example.com`)
      const rivals = Array.from({ length: 20 }, (_, index) =>
        newcomer(name, { sub: `sub-${index}-of-new-${name}`, identifiers: [`new-${name}@example.com`] }),
      )
      const confirmed = await Promise.all(rivals.map((rival) => confirmations.confirmAccount(rival, code)))

      expect(confirmed.filter(({ ok }) => ok)).toHaveLength(1)
      expect(confirmed.filter(({ ok }) => !ok)).toEqual(Array(19).fill(wrongCode))
      const found = await Promise.all(rivals.map(({ sub }) => accounts.findAccount(sub)))
      expect(found.filter((each) => each !== undefined)).toEqual([rivals[confirmed.findIndex(({ ok }) => ok)]])
    })

    test('fails for a name that is taken; the code stays good for another', async () => {
      const { accounts, confirmations, register, name } = await setUp()
      const { code, isGood } = await register(name, `new-${name}@example.com`)
      const taken = newcomer(name, { identifiers: [name, `new-${name}@example.com`] })

      expect(await confirmations.confirmAccount(taken, code)).toEqual(refused('username_taken'))
      expect(await accounts.findSubject(`new-${name}@example.com`)).toBeUndefined()
      expect(await isGood()).toBe(true)
      expect(await confirmations.confirmAccount(newcomer(name), code)).toEqual(done)
    })

    test('fails for an address that is taken, whatever the name', async () => {
      const { confirmations, register, name, address } = await setUp()
      const { code } = await register(name, address)

      for (const identifiers of [[address], [name, address], [`new-${name}`, address]])
        expect(await confirmations.confirmAccount(newcomer(name, { identifiers }), code)).toEqual(
          refused('address_taken'),
        )
    })

    test.each(['exhaust', 'renew'] as const)('fails after the code matched and then: %s', async (then) => {
      const { accounts, confirmations, register, name } = await setUp()
      const registration = await register(undefined, `new-${name}@example.com`)
      await registration[then]()

      expect(await confirmations.confirmAccount(newcomer(name), registration.code)).toEqual(wrongCode)
      expect(await accounts.findAccount(newcomer(name).sub)).toBeUndefined()
    })
  })

  // REQ-109
  describe(`a confirmed recovery in ${kind}`, () => {
    test('sets the password, raises the epoch, and uses up the code', async () => {
      const { passwords, sessions, confirmations, recover, sub } = await setUp()
      const { code, isGood } = await recover()

      expect(await confirmations.confirmPassword('recovered', code)).toEqual(done)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub)]).toEqual(['recovered', 1])
      expect(await isGood()).toBe(false)
      expect(await confirmations.confirmPassword('again', code)).toEqual(wrongCode)
    })

    test('gives a password to an account that has none', async () => {
      const { accounts, passwords, confirmations, recover, sub, name } = await setUp()
      const bare = anAccount({ sub: `${sub}-bare`, identifiers: [`bare-${name}@example.com`] })
      await accounts.putNewAccount({ account: bare, subject: 'new' })
      const { code } = await recover({ sub: bare.sub, address: `bare-${name}@example.com` })

      expect(await confirmations.confirmPassword('recovered', code)).toEqual(done)
      expect(await passwords.findHash(bare.sub)).toBe('recovered')
    })

    test('of an imported account keeps the password, whatever another import says', async () => {
      const { accounts, passwords, confirmations, recover, sub, name } = await setUp()
      const identifier = `imported-${name}@example.com`
      const imported = anAccount({ sub: `${sub}-imported`, identifiers: [identifier] })
      await accounts.putNewAccount({ account: imported, passwordHash: aHash, isImported: true, subject: 'imported' })
      const { code } = await recover({ sub: imported.sub, address: identifier })

      expect(await confirmations.confirmPassword('recovered', code)).toEqual(done)
      expect(await passwords.replaceImported({ identifier, sub: imported.sub, hash: 'imported' })).toBe(false)
      expect(await passwords.findPassword(imported.sub)).toEqual({
        hash: 'recovered',
        isImported: false,
        isInOldSystem: false,
      })
    })

    // REQ-134
    test('is one, however many confirm it at once', async () => {
      const { passwords, sessions, confirmations, recover, sub } = await setUp()
      const { code } = await recover()
      const tries = Array.from({ length: 20 }, (_, index) => `recovered ${index}`)
      const confirmed = await Promise.all(tries.map((hash) => confirmations.confirmPassword(hash, code)))

      expect(confirmed.filter(({ ok }) => ok)).toHaveLength(1)
      expect(await passwords.findHash(sub)).toBe(tries[confirmed.findIndex(({ ok }) => ok)])
      expect(await sessions.readEpoch(sub)).toBe(1)
    })

    type Opened = Awaited<ReturnType<typeof openConfirmations>>
    // REQ-106, REQ-151
    test.each<readonly [string, (opened: Opened) => Promise<unknown>]>([
      ['its sessions were ended', ({ sessions, sub }) => sessions.raiseEpoch(sub)],
      ['its password was set', ({ passwords, sub }) => passwords.setHash(sub, 'set')],
      [
        'its password was changed',
        ({ passwords, sub }) => passwords.changeHash(sub, { from: aHash, to: 'b', epoch: 0 }),
      ],
      [
        'another recovery',
        async ({ confirmations, recover }) => confirmations.confirmPassword('other', (await recover()).code),
      ],
      ['it was disabled', ({ accounts, sub }) => accounts.disableAccount(sub)],
      [
        'it was disabled and enabled',
        async ({ accounts, sub }) => {
          await accounts.disableAccount(sub)
          await accounts.enableAccount(sub)
        },
      ],
      ['it was deleted', ({ accounts, account }) => accounts.deleteAccount(account)],
      [
        'it was deleted and restored',
        async ({ accounts, account }) => {
          await accounts.deleteAccount(account)
          await accounts.putNewAccount({ account, passwordHash: 'restored', subject: 'restored' })
        },
      ],
      [
        'its address was replaced',
        ({ accounts, account, address }) => accounts.replaceIdentifier(account, address, `other-${address}`),
      ],
      [
        'its address was changed',
        async ({ confirmations, changeAddress, account, address }) =>
          confirmations.confirmAddress(account, (await changeAddress(`other-${address}`)).code),
      ],
    ])('fails, and changes nothing, after %s', async (_, act) => {
      const opened = await setUp()
      const { passwords, sessions, confirmations, recover, sub } = opened
      const { code } = await recover()
      await act(opened)
      const before = [await passwords.findHash(sub), await sessions.readEpoch(sub), await opened.find()]

      expect(await confirmations.confirmPassword('recovered', code)).toEqual(wrongCode)
      expect([await passwords.findHash(sub), await sessions.readEpoch(sub), await opened.find()]).toEqual(before)
    })

    test.each(['exhaust', 'renew'] as const)('fails after the code matched and then: %s', async (then) => {
      const { passwords, confirmations, recover, sub } = await setUp()
      const recovery = await recover()
      await recovery[then]()

      expect(await confirmations.confirmPassword('recovered', recovery.code)).toEqual(wrongCode)
      expect(await passwords.findHash(sub)).toBe(aHash)
    })
  })

  // REQ-103
  describe(`a confirmed address in ${kind}`, () => {
    test('takes the place of the one before, is verified, and the code is used up', async () => {
      const { accounts, sessions, confirmations, changeAddress, ...opened } = await setUp()
      const { account, name, sub, address } = opened
      const to = `moved-${address}`
      const { code, isGood } = await changeAddress(to)
      const moved = { ...account, identifiers: [name, to], emailVerified: true }

      expect(await confirmations.confirmAddress(account, code)).toEqual({ ok: true, value: moved })
      expect(await opened.find()).toEqual(moved)
      expect([await accounts.findSubject(to), await accounts.findSubject(address)]).toEqual([sub, undefined])
      expect([await isGood(), await sessions.readEpoch(sub)]).toEqual([false, 0])
      expect(await accounts.deleteAccount(moved)).toBe(true)
    })

    test('is added to an account that has only a name, and moves one that has only an address', async () => {
      const { accounts, confirmations, sub, name, ...opened } = await setUp()
      const list = async () =>
        (await accounts.listAccounts({ prefix: `list-${name}`, after: undefined, limit: 9 })).accounts
      await accounts.deleteAccount(opened.account)
      const named = anAccount({ sub, identifiers: [`list-${name}`] })
      await accounts.putNewAccount({ account: named, subject: 'restored' })

      const added = await opened.changeAddress(`list-${name}@example.com`, 2)
      const first = await confirmations.confirmAddress(named, added.code)
      expect(await list()).toEqual([
        { ...named, identifiers: [`list-${name}`, `list-${name}@example.com`], emailVerified: true },
      ])
      if (first.ok) await accounts.deleteAccount(first.value)

      const mailed = anAccount({ sub, identifiers: [`list-${name}@example.com`] })
      await accounts.putNewAccount({ account: mailed, subject: 'restored' })
      const moved = await opened.changeAddress(`list-${name}@example.org`, 4)
      expect(await confirmations.confirmAddress(mailed, moved.code)).toMatchObject({ ok: true })
      expect(await list()).toEqual([{ ...mailed, identifiers: [`list-${name}@example.org`], emailVerified: true }])
    })

    test('may be the one that the account has, which is then verified', async () => {
      const { accounts, confirmations, changeAddress, account, address, find } = await setUp()
      await accounts.replaceIdentifier(account, address, `own-${address}`)
      const unverified = await find()
      const { code } = await changeAddress(`own-${address}`)
      if (!unverified) throw new Error('The account is gone.')

      expect(unverified.emailVerified).toBe(false)
      expect(await confirmations.confirmAddress(unverified, code)).toMatchObject({ ok: true })
      expect(await find()).toEqual({ ...unverified, emailVerified: true })
    })

    test('of another account is not taken, and nothing changes', async () => {
      const { accounts, confirmations, changeAddress, account, address, find } = await setUp()
      const to = `taken-${address}`
      await accounts.putNewAccount({ account: anAccount({ sub: `${to}-sub`, identifiers: [to] }), subject: 'new' })
      const { code, isGood } = await changeAddress(to)

      expect(await confirmations.confirmAddress(account, code)).toEqual(refused('address_taken'))
      expect([await find(), await isGood()]).toEqual([account, true])
    })

    test('fails for an account that is no longer as it was read', async () => {
      const { accounts, confirmations, changeAddress, account, name, address, find } = await setUp()
      await accounts.replaceIdentifier(account, name, `${name}-renamed`)
      const { code } = await changeAddress(`moved-${address}`)

      expect(await confirmations.confirmAddress(account, code)).toEqual(refused('changed_meanwhile'))
      expect((await find())?.identifiers).toEqual([`${name}-renamed`, address])
      expect(await accounts.findSubject(`moved-${address}`)).toBeUndefined()
    })

    // REQ-151
    test('fails after whatever raised the epoch since the request', async () => {
      const { sessions, confirmations, changeAddress, account, sub, address, find } = await setUp()
      const { code } = await changeAddress(`moved-${address}`)
      await sessions.raiseEpoch(sub)

      expect(await confirmations.confirmAddress(account, code)).toEqual(wrongCode)
      expect(await find()).toEqual(account)
    })

    // REQ-134
    test('is one, however many confirm it at once', async () => {
      const { confirmations, changeAddress, account, address, find } = await setUp()
      const { code } = await changeAddress(`moved-${address}`)
      const confirmed = await Promise.all(Array.from({ length: 20 }, () => confirmations.confirmAddress(account, code)))

      expect(confirmed.filter(({ ok }) => ok)).toHaveLength(1)
      expect((await find())?.identifiers).toContain(`moved-${address}`)
    })
  })
}
