import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Account, addressOf, withIdentifier } from '../../../domain/accounts/account.ts'
import type { ConfirmationStore } from '../../../domain/accounts/confirmation-store.ts'
import { kindOf } from '../../../domain/accounts/identifier.ts'
import { fail, succeed } from '../../../domain/result.ts'
import { consumeCode } from '../codes.ts'
import { accountKey, epochKey, passwordKey } from '../table/keys.ts'
import { createTransact } from '../table/transaction.ts'
import { addressWrites, newAccountWrites } from './account-items.ts'
import { hasEpoch, raiseEpochOfKeysFrom } from './epoch.ts'
import { setHash } from './password-renewal.ts'

/** Confirmations in DynamoDB: each is one transaction, and consuming the code is its first write. */
export function createDynamoDbConfirmations(client: DynamoDBDocumentClient, tableName: string): ConfirmationStore {
  const transact = createTransact(client, tableName)
  return {
    confirmAccount: async (account, code) => {
      const { passwordHash } = code.payload
      const failed = await transact([consumeCode(code), ...newAccountWrites({ account, passwordHash, subject: 'new' })])
      if (failed.length === 0) return succeed(undefined)
      if (failed.includes(0)) return fail({ reason: 'wrong_code' })
      const taken = account.identifiers.filter((_, index) => failed.includes(index + 1))
      // Anything else would mean that 128 random bits were not new.
      if (taken.length === 0) throw new Error('A new subject was already in use.')
      // No other name would help where the address is taken.
      const isAddress = taken.some((identifier) => kindOf(identifier) === 'email')
      return fail({ reason: isAddress ? 'address_taken' : 'username_taken' })
    },
    confirmPassword: async (passwordHash, code) => {
      const { sub, epoch, address } = code.binding
      const failed = await transact([
        consumeCode(code),
        { ConditionCheck: { Key: accountKey(sub), ...isEnabledWith(address) } },
        { Update: { Key: passwordKey(sub), ...setHash(passwordHash) } },
        { Update: { Key: epochKey(sub), ...raiseEpochOfKeysFrom(epoch) } },
      ])
      return failed.length === 0 ? succeed(undefined) : fail({ reason: 'wrong_code' })
    },
    confirmAddress: async (account, code) => {
      const { sub, epoch, address } = code.payload
      const confirmed = withVerified(account, address)
      const [failed] = await transact([
        consumeCode(code),
        { ConditionCheck: { Key: epochKey(sub), ...hasEpoch(epoch) } },
        ...addressWrites(account, confirmed),
      ])
      if (failed === undefined) return succeed(confirmed)
      if (failed < 2) return fail({ reason: 'wrong_code' })
      const isTaken = failed === 2 && addressOf(account) !== address
      return fail({ reason: isTaken ? 'address_taken' : 'changed_meanwhile' })
    },
  }
}

const isEnabledWith = (address: string) => ({
  ConditionExpression: 'disabled = :false AND email = :email',
  ExpressionAttributeValues: { ':false': false, ':email': address },
})

const withVerified = (account: Account, address: string): Account =>
  withIdentifier(account, addressOf(account), address, true)
