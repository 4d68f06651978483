import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createDynamoDbConfirmations } from '../../../functions/adapters/dynamodb/accounts/confirmations.ts'
import { createDynamoDbCodes } from '../../../functions/adapters/dynamodb/codes.ts'
import { createStores } from '../../../functions/wiring/stores.ts'
import { aHash } from '../../support/contracts/account-store-contract.ts'
import { describeConfirmationStore, openConfirmations } from '../../support/contracts/confirmation-store-contract.ts'
import { countCalls } from '../../support/count-calls.ts'
import { type ConfirmingStores, createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { scheduleStore } from '../../support/fakes/scheduled-store.ts'
import { numRuns } from '../../support/random-runs.ts'
import { openTable } from '../../support/table.ts'

const table = await openTable()
afterAll(table.close)

const openStores = (client: DynamoDBDocumentClient): ConfirmingStores => ({
  ...createStores(client, table.name),
  codes: createDynamoDbCodes(client, table.name),
  confirmations: createDynamoDbConfirmations(client, table.name),
})
const atRest = openStores(table.client)

describeConfirmationStore('dynamodb', () => atRest)
describeConfirmationStore('memory', createMemoryStores)

test('each confirmation is one transaction', async () => {
  const { confirmations, ...opened } = await openConfirmations('counted', atRest)
  const { account, name, address } = opened
  const [registration, recovery] = [await opened.register(undefined, `new-${address}`), await opened.recover()]
  const change = await opened.changeAddress(`moved-${address}`)
  const calls = countCalls(table.client)

  const newcomer = { ...account, sub: `sub-of-new-${name}`, identifiers: [`new-${address}`] }
  expect(await confirmations.confirmAccount(newcomer, registration.code)).toMatchObject({ ok: true })
  expect(await confirmations.confirmAddress(account, change.code)).toMatchObject({ ok: true })
  expect(await confirmations.confirmPassword('new', recovery.code)).toMatchObject({ ok: false })
  expect(calls).toEqual(['TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems'])
})

/** The same stores, whose calls to DynamoDB arrive and are answered in the order that fast-check chooses. */
function racing(scheduler: fc.Scheduler) {
  const { send } = scheduleStore({ send: table.client.send.bind(table.client) }, scheduler, [].values())
  return openStores({ send } as unknown as DynamoDBDocumentClient)
}

type Opened = Awaited<ReturnType<typeof openConfirmations>>

// REQ-151
describe('in every order of a recovery and of what ends it, one of the two wins', () => {
  type Outcome = { readonly ok: boolean; readonly left: { readonly hash: string | undefined; readonly epoch: number } }
  const rivals: Readonly<Record<string, (stores: ConfirmingStores, opened: Opened) => Promise<Outcome>>> = {
    'set-password': async ({ passwords }, { sub }) => ({
      ok: await passwords.setHash(sub, 'set'),
      left: { hash: 'set', epoch: 1 },
    }),
    'a password change': async ({ passwords }, { sub }) => ({
      ok: (await passwords.changeHash(sub, { from: aHash, to: 'changed', epoch: 0 })) !== undefined,
      left: { hash: 'changed', epoch: 1 },
    }),
    'an end of all sessions': async ({ sessions }, { sub }) => {
      await sessions.raiseEpoch(sub)
      return { ok: true, left: { hash: aHash, epoch: 1 } }
    },
    'disable-user': async ({ accounts }, { sub }) => ({
      ok: await accounts.disableAccount(sub),
      left: { hash: aHash, epoch: 1 },
    }),
    'delete-user': async ({ accounts }, { account }) => ({
      ok: await accounts.deleteAccount(account),
      left: { hash: undefined, epoch: 1 },
    }),
  }
  // These do not ask for the epoch that they read: after a recovery they change what it left.
  const afterRecovery: Readonly<Record<string, string | undefined>> = {
    ...{ 'set-password': 'set', 'an end of all sessions': 'recovered', 'disable-user': 'recovered' },
    'delete-user': undefined,
  }

  test.each(Object.keys(rivals))('%s', (rival) =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const opened = await openConfirmations('raced', atRest)
        const { code } = await opened.recover()
        const stores = racing(scheduler)
        const act = rivals[rival]
        if (!act) throw new Error('There is no such rival.')
        const [recovered, other] = await scheduler.waitFor(
          Promise.all([stores.confirmations.confirmPassword('recovered', code), act(stores, opened)]),
        )

        const left = {
          hash: await opened.passwords.findHash(opened.sub),
          epoch: await opened.sessions.readEpoch(opened.sub),
        }
        if (!recovered.ok) expect({ ok: other.ok, left }).toEqual({ ok: true, left: other.left })
        else if (other.ok) expect(left).toEqual({ hash: afterRecovery[rival], epoch: 2 })
        else expect(left).toEqual({ hash: 'recovered', epoch: 1 })
      }),
      { numRuns: numRuns(20) },
    ),
  )

  test('another recovery', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const opened = await openConfirmations('raced', atRest)
        const [mine, yours] = [await opened.recover(), await opened.recover()]
        const { confirmations } = racing(scheduler)
        const won = await scheduler.waitFor(
          Promise.all([
            confirmations.confirmPassword('mine', mine.code),
            confirmations.confirmPassword('yours', yours.code),
          ]),
        )

        expect(won.filter(({ ok }) => ok)).toHaveLength(1)
        expect(await opened.passwords.findHash(opened.sub)).toBe(won[0].ok ? 'mine' : 'yours')
        expect(await opened.sessions.readEpoch(opened.sub)).toBe(1)
      }),
      { numRuns: numRuns(20) },
    ))
})

// REQ-151, REQ-161
test('in every order a code that a later mail replaces is used or replaced, never both', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const opened = await openConfirmations('raced', atRest)
      const { code, renew, isGood } = await opened.recover()
      const { codes, confirmations } = racing(scheduler)
      const next = { hash: 'of the next mail', binding: code.binding }
      const [recovered, isSet] = await scheduler.waitFor(
        Promise.all([
          confirmations.confirmPassword('recovered', code),
          codes.setCode({ purpose: code.purpose, id: code.id }, next, 1_800_000_000, 5),
        ]),
      )

      expect(recovered.ok).toBe(!isSet)
      expect([await isGood(), await renew()]).toEqual([false, isSet ? expect.stringMatching(/^\d{8}$/) : undefined])
    }),
    { numRuns: numRuns(20) },
  ))

// REQ-151
test('in every order of two changes of address, a rename and a deletion no identifier is left without its account', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const opened = await openConfirmations('raced', atRest)
      const { account, name, sub, address } = opened
      const added = ['a', 'b'].map((each) => `${each}-${address}`)
      const changes = await Promise.all(added.map((to) => opened.changeAddress(to)))
      const { accounts, confirmations } = racing(scheduler)
      await scheduler.waitFor(
        Promise.all([
          ...changes.map(({ code }) => confirmations.confirmAddress(account, code)),
          accounts.replaceIdentifier(account, name, `${name}-renamed`),
          accounts.deleteAccount(account),
        ]),
      )

      const identifiers = [name, `${name}-renamed`, address, ...added]
      const subjects = await Promise.all(identifiers.map(opened.accounts.findSubject))
      const found = identifiers.filter((_, index) => subjects[index] === sub)
      expect(found).toEqual((await opened.find())?.identifiers ?? [])
    }),
    { numRuns: numRuns(20) },
  ))
