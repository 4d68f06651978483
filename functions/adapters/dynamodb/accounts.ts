import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { type Account, type AccountStore, type NewAccount, usernameOf } from '../../domain/accounts/account.ts'
import { type IdentifierKind, kindOf } from '../../domain/accounts/identifier.ts'
import { allSettledThenThrow } from '../../domain/all-settled-then-throw.ts'
import { fail, succeed } from '../../domain/result.ts'
import { listDirectory } from './directory.ts'
import { raiseEpoch } from './epoch.ts'
import { accountKey, directoryKey, epochKey, identifierKey, passwordKey } from './keys.ts'
import { importedPassword } from './passwords.ts'
import { createTable, type Item } from './table.ts'
import { createTransact } from './transaction.ts'

// The only place that knows the attributes of an account; one that is missing is a fault, not a default. Each kind of
// identifier is an attribute of its own.
const toItem = ({ sub, identifiers, scope, ...rest }: Account) => ({
  ...accountKey(sub),
  ...rest,
  ...Object.fromEntries(identifiers.map((identifier) => [kindOf(identifier), identifier])),
  scope: [...scope],
})

const areStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

function toAccount(sub: string, { name, email, scope, disabled, createdAt }: Item): Account {
  const identifiers = [name, email].filter((identifier) => identifier !== undefined)
  const isComplete =
    areStrings(identifiers) &&
    identifiers.length > 0 &&
    areStrings(scope) &&
    typeof disabled === 'boolean' &&
    typeof createdAt === 'number'
  if (!isComplete) throw new TypeError('An account in the table lacks a field.')
  return { sub, identifiers, scope, disabled, createdAt }
}

function subjectOf({ sub }: Item): string {
  if (typeof sub !== 'string') throw new TypeError('An identifier in the table lacks its subject.')
  return sub
}

const isNew = { ConditionExpression: 'attribute_not_exists(pk)' }
const exists = { ConditionExpression: 'attribute_exists(pk)' }
const belongsTo = (sub: string) => ({
  ConditionExpression: '#sub = :sub',
  ExpressionAttributeNames: { '#sub': 'sub' },
  ExpressionAttributeValues: { ':sub': sub },
})

// As it was read: with these identifiers and no others.
function hasIdentifiers({ identifiers }: Account) {
  const find = (kind: IdentifierKind) => identifiers.find((identifier) => kindOf(identifier) === kind)
  const [name, email] = [find('name'), find('email')]
  const conditions = [
    name === undefined ? 'attribute_not_exists(#name)' : '#name = :name',
    email === undefined ? 'attribute_not_exists(email)' : 'email = :email',
  ]
  return {
    ConditionExpression: conditions.join(' AND '),
    // `name` is a reserved word of DynamoDB's expressions.
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: {
      ...(name !== undefined && { ':name': name }),
      ...(email !== undefined && { ':email': email }),
    },
  }
}

function setIdentifier(account: Account, to: string) {
  const { ExpressionAttributeNames, ExpressionAttributeValues, ...condition } = hasIdentifiers(account)
  return {
    ...condition,
    UpdateExpression: 'SET #renamed = :renamed',
    ExpressionAttributeNames: { ...ExpressionAttributeNames, '#renamed': kindOf(to) },
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':renamed': to },
  }
}

/** Accounts in DynamoDB. Account, identifiers, directory entry and password are items of their own, changed together. */
export function createDynamoDbAccounts(client: DynamoDBDocumentClient, tableName: string): AccountStore {
  const table = createTable(client, tableName)
  const transact = createTransact(client, tableName)
  const change = async (sub: string, name: string, value: unknown): Promise<Account | undefined> => {
    const { written, item } = await table.update(accountKey(sub), {
      ...exists,
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': value },
    })
    return written && item ? toAccount(sub, item) : undefined
  }
  const findAccount = async (sub: string): Promise<Account | undefined> => {
    const item = await table.get(accountKey(sub))
    return item && toAccount(sub, item)
  }
  return {
    findAccount,
    findSubject: async (identifier) => {
      const item = await table.get(identifierKey(identifier))
      return item && subjectOf(item)
    },
    isSubjectDeleted: async (sub) => (await table.get(epochKey(sub)))?.['isDeleted'] === true,
    putNewAccount: async (newAccount) => {
      const { account } = newAccount
      const identifiers = account.identifiers.map((identifier) => ({
        Put: { Item: { ...identifierKey(identifier), sub: account.sub }, ...isNew },
      }))
      const [failed] = await transact([
        ...identifiers,
        { Put: { Item: toItem(account), ...isNew } },
        ...subjectWrites(newAccount),
        { Put: { Item: { ...directoryKey(usernameOf(account)), sub: account.sub } } },
        ...passwordWrites(newAccount),
      ])
      if (failed === undefined) return succeed(undefined)
      if (failed < identifiers.length) return fail({ reason: 'username_taken' })
      return fail({ reason: failed === identifiers.length ? 'subject_taken' : 'subject_deleted' })
    },
    disableAccount: async (sub) => {
      const disable = { UpdateExpression: 'SET disabled = :true', ExpressionAttributeValues: { ':true': true } }
      const failed = await transact([
        { Update: { Key: accountKey(sub), ...disable, ...exists } },
        { Update: { Key: epochKey(sub), ...raiseEpoch } },
      ])
      return failed.length === 0
    },
    enableAccount: (sub) => change(sub, 'disabled', false),
    setScope: (sub, scope) => change(sub, 'scope', [...scope]),
    replaceIdentifier: async (account, from, to) => {
      const { sub } = account
      const renamed = { ...account, identifiers: account.identifiers.map((each) => (each === from ? to : each)) }
      const [failed] = await transact([
        { Put: { Item: { ...identifierKey(to), sub }, ...isNew } },
        { Delete: { Key: identifierKey(from), ...belongsTo(sub) } },
        { Update: { Key: accountKey(sub), ...setIdentifier(account, to) } },
        ...moveInDirectory(account, renamed),
      ])
      if (failed === undefined) return succeed(renamed)
      return fail({ reason: failed === 0 ? 'username_taken' : 'unknown_user' })
    },
    deleteAccount: async (account) => {
      const { sub } = account
      const failed = await transact([
        { Delete: { Key: accountKey(sub), ...hasIdentifiers(account) } },
        ...account.identifiers.map((identifier) => ({ Delete: { Key: identifierKey(identifier), ...belongsTo(sub) } })),
        { Delete: { Key: directoryKey(usernameOf(account)) } },
        { Delete: { Key: passwordKey(sub) } },
        { Update: { Key: epochKey(sub), ...raiseEpochOfDeleted } },
      ])
      return failed.length === 0
    },
    listAccounts: async (request) => {
      const { entries, cursor } = await listDirectory(table, request)
      const accounts = await allSettledThenThrow(entries.map((entry) => findAccount(subjectOf(entry))))
      // One may have been deleted since the directory was read.
      return { accounts: accounts.filter((account) => account !== undefined), cursor }
    },
  }
}

const raiseEpochOfDeleted = {
  UpdateExpression: 'SET isDeleted = :true ADD epoch :one',
  ExpressionAttributeValues: { ':true': true, ':one': 1 },
}

// A subject of our own is random, so no one had it before. The epoch of a deleted account stays, and says that it was.
function subjectWrites({ account, subject }: NewAccount) {
  const Key = epochKey(account.sub)
  switch (subject) {
    case 'new':
      return []
    case 'imported':
      return [{ ConditionCheck: { Key, ConditionExpression: 'attribute_not_exists(isDeleted)' } }]
    case 'restored': {
      const restore = { UpdateExpression: 'REMOVE isDeleted ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }
      return [{ Update: { Key, ...restore } }]
    }
  }
}

function passwordWrites({ account, passwordHash, isImported = false }: NewAccount) {
  if (isImported) return [{ Put: { Item: importedPassword(account.sub, passwordHash) } }]
  return passwordHash === undefined ? [] : [{ Put: { Item: { ...passwordKey(account.sub), hash: passwordHash } } }]
}

function moveInDirectory(before: Account, after: Account) {
  const [from, to] = [usernameOf(before), usernameOf(after)]
  return from === to
    ? []
    : [{ Delete: { Key: directoryKey(from) } }, { Put: { Item: { ...directoryKey(to), sub: after.sub } } }]
}
