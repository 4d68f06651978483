import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { FactorKind } from '../../../domain/factors/factors.ts'
import { fail, type Result, succeed } from '../../../domain/result.ts'
import { sha256 } from '../../../domain/secret.ts'
import type {
  EnrolmentRefusal,
  EnrolmentStore,
  FactorChange,
  PendingFactors,
  PendingKey,
} from '../../../domain/sign-in/enrolment/enrolment-store.ts'
import { hasEpoch, raiseEpoch } from '../accounts/epoch.ts'
import { accountKey, epochKey, factorsKey, passkeyKey, passkeyOwnerKey, recoveryKey, totpKey } from '../table/keys.ts'
import { createTable, type Key } from '../table/table.ts'
import { createTransact } from '../table/transaction.ts'
import { forgetFailures } from '../throttling/failures.ts'
import { factorDeletes, isVersion, passkeyDeletes } from './factor-writes.ts'

// By a hash of both: the id of an auth session is a hash of what its client holds, and stays where it is needed.
function pendingKey({ kind, holder }: PendingKey<FactorKind>): Key {
  const id = sha256(`${kind}\n${holder}`)
  return { pk: `CODE#factor#${id}`, sk: 'CODE' }
}

const isNew = { ConditionExpression: 'attribute_not_exists(pk)' }
const exists = { ConditionExpression: 'attribute_exists(pk)' }

/** Enrolments in DynamoDB: each change is one transaction over the factors, their version and the account's epoch. */
export function createDynamoDbEnrolments(client: DynamoDBDocumentClient, tableName: string): EnrolmentStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  const change = async (
    { sub, epoch }: FactorChange,
    reasons: readonly EnrolmentRefusal['reason'][],
    writes: Parameters<typeof transact>[0],
  ): Promise<Result<void, EnrolmentRefusal>> => {
    const guard = { ConditionCheck: { Key: epochKey(sub), ...hasEpoch(epoch) } }
    const [failed] = await transact([guard, ...writes])
    if (failed === undefined) return succeed(undefined)
    return fail({ reason: ['session_ended' as const, ...reasons][failed] ?? 'factors_changed' })
  }
  return {
    putPending: async (key, pending, expiresAt) => {
      // The last one to begin is the one to confirm.
      await table.update(pendingKey(key), {
        UpdateExpression: 'SET pending = :pending, #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':pending': pending, ':ttl': expiresAt },
      })
    },
    findPending: async <Kind extends FactorKind>(key: PendingKey<Kind>, now: number) => {
      const item = await table.get(pendingKey(key))
      if (!item || Number(item['ttl']) <= now) return undefined
      if (typeof item['pending'] !== 'object') throw new TypeError('An enrolment in the table lacks a field.')
      return item['pending'] as PendingFactors[Kind]
    },
    addTotp: ({ pending, recoveryCodes, totp, step, ...of }) =>
      change(
        of,
        ['enrolment_over', 'factors_changed'],
        [
          { Delete: { Key: pendingKey(pending), ...isPending('secret', totp.secret) } },
          // What was used with the app before is no step of this one, and neither are the failures.
          { Update: { Key: factorsKey(of.sub), ...nextVersion(of.version, { lastStep: step }) } },
          { Put: { Item: { ...totpKey(of.sub), ...totp } } },
          ...recoveryWrites(of.sub, recoveryCodes),
        ],
      ),
    addPasskey: ({ pending, recoveryCodes, passkey, challenge, ...of }) => {
      const { id } = passkey
      return change(
        of,
        ['enrolment_over', 'factors_changed', 'passkey_taken', 'passkey_taken'],
        [
          { Delete: { Key: pendingKey(pending), ...isPending('challenge', challenge) } },
          { Update: { Key: factorsKey(of.sub), ...nextVersion(of.version) } },
          { Put: { Item: { ...passkeyOwnerKey(id), sub: of.sub }, ...isNew } },
          { Put: { Item: { ...passkeyKey(of.sub, id), ...withoutUndefined(passkey) }, ...isNew } },
          ...recoveryWrites(of.sub, recoveryCodes),
        ],
      )
    },
    removeFactor: ({ removed, isLast, ...of }) =>
      change(
        of,
        [],
        [
          { Update: { Key: factorsKey(of.sub), ...nextVersion(of.version) } },
          ...(removed === 'totp' ? [{ Delete: { Key: totpKey(of.sub) } }] : passkeyDeletes(of.sub, removed.passkey)),
          ...(isLast ? [{ Delete: { Key: recoveryKey(of.sub) } }] : []),
        ],
      ),
    replaceRecoveryCodes: ({ recoveryCodes, ...of }) =>
      change(
        of,
        [],
        [{ Update: { Key: factorsKey(of.sub), ...nextVersion(of.version) } }, ...recoveryWrites(of.sub, recoveryCodes)],
      ),
    resetFactors: async (sub, factors) => {
      const failed = await transact([
        { ConditionCheck: { Key: accountKey(sub), ...exists } },
        // A lock on the old factors must not hold for those that the owner enrols next.
        { Update: { Key: factorsKey(sub), ...nextVersion(factors.version, { forget: true }) } },
        ...factorDeletes(sub, factors),
        { Update: { Key: epochKey(sub), ...raiseEpoch } },
      ])
      return failed.length === 0
    },
  }
}

type Change = { readonly lastStep?: number; readonly forget?: boolean }

function nextVersion(version: number, { lastStep, forget = lastStep !== undefined }: Change = {}) {
  const { ConditionExpression, ExpressionAttributeValues } = isVersion(version)
  return {
    ConditionExpression,
    UpdateExpression: `SET version = :next${lastStep === undefined ? '' : ', lastStep = :step'}${forget ? ` REMOVE ${forgetFailures}` : ''}`,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':next': version + 1,
      ...(lastStep !== undefined && { ':step': lastStep }),
    },
  }
}

const recoveryWrites = (sub: string, codes: readonly string[] | undefined) =>
  codes === undefined ? [] : [{ Put: { Item: { ...recoveryKey(sub), codes: new Set(codes) } } }]

// It is still the enrolment that was confirmed: another one may have begun since.
const isPending = (name: 'secret' | 'challenge', value: string) => ({
  ConditionExpression: `pending.${name} = :pending`,
  ExpressionAttributeValues: { ':pending': value },
})

const withoutUndefined = (passkey: object) =>
  Object.fromEntries(Object.entries(passkey).filter(([, value]) => value !== undefined))
