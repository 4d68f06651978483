import { type Account, addressOf, type NewAccount, usernameOf } from '../../../domain/accounts/account.ts'
import { kindOf } from '../../../domain/accounts/identifier.ts'
import type { Factors } from '../../../domain/factors/factors.ts'
import { factorDeletes, isVersion } from '../factors/factor-writes.ts'
import { accountKey, clientKey, directoryKey, epochKey, factorsKey, identifierKey, passwordKey } from '../table/keys.ts'
import type { Item } from '../table/table.ts'
import { importedPassword } from './passwords.ts'

// Account, identifiers, directory entry and password are items of their own, changed together. Each list of writes is to
// be part of one transaction.

/** The attributes of an account. Each kind of identifier is an attribute of its own. */
const toItem = ({ sub, identifiers, scope, ...rest }: Account) => ({
  ...accountKey(sub),
  ...rest,
  ...Object.fromEntries(identifiers.map((identifier) => [kindOf(identifier), identifier])),
  scope: [...scope],
})

const areStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** @throws TypeError for an item that lacks a field: it is a fault, not a default. */
export function toAccount(
  sub: string,
  { name, email, emailVerified, scope, groups, disabled, createdAt }: Item,
): Account {
  const identifiers = [name, email].filter((identifier) => identifier !== undefined)
  const isComplete =
    areStrings(identifiers) &&
    identifiers.length > 0 &&
    typeof emailVerified === 'boolean' &&
    areStrings(scope) &&
    (groups === undefined || areStrings(groups)) &&
    typeof disabled === 'boolean' &&
    typeof createdAt === 'number'
  if (!isComplete) throw new TypeError('An account in the table lacks a field.')
  return { sub, identifiers, emailVerified, scope, groups, disabled, createdAt }
}

const isNew = { ConditionExpression: 'attribute_not_exists(pk)' }

const belongsTo = (sub: string) => ({
  ConditionExpression: '#sub = :sub',
  ExpressionAttributeNames: { '#sub': 'sub' },
  ExpressionAttributeValues: { ':sub': sub },
})

/** The condition that an account is as it was read: with these identifiers and no others. */
function hasIdentifiers(account: Account) {
  const name = account.identifiers.find((identifier) => kindOf(identifier) === 'name')
  const email = addressOf(account)
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

/** The writes of a new account: first one for each identifier, then the account's own, which fails for a subject in use. */
export const newAccountWrites = (newAccount: NewAccount) => [
  ...newAccount.account.identifiers.map((identifier) => identifierWrite(identifier, newAccount.account.sub)),
  { Put: { Item: toItem(newAccount.account), ...isNew } },
  ...subjectWrites(newAccount),
  { Put: { Item: { ...directoryKey(usernameOf(newAccount.account)), sub: newAccount.account.sub } } },
  ...passwordWrites(newAccount),
]

/**
 * The writes that turn the identifiers of an account, as it was read, into those of `after`, which has one that is new.
 * The first of them fails where that belongs to another account.
 */
export function identifierWrites(before: Account, after: Account) {
  const { sub } = before
  const added = after.identifiers.filter((identifier) => !before.identifiers.includes(identifier))
  const dropped = before.identifiers.filter((identifier) => !after.identifiers.includes(identifier))
  return [
    ...added.map((identifier) => identifierWrite(identifier, sub)),
    ...dropped.map((identifier) => ({ Delete: { Key: identifierKey(identifier), ...belongsTo(sub) } })),
    { Update: { Key: accountKey(sub), ...setIdentifiers(before, after, added) } },
    ...moveInDirectory(before, after),
  ]
}

/**
 * The writes that give an account, as it was read, the address of `after`: those of `identifierWrites`, or one where that
 * is the address that it has, which is then verified or no longer so.
 */
export function addressWrites(before: Account, after: Account) {
  if (addressOf(before) !== addressOf(after)) return identifierWrites(before, after)
  const { ExpressionAttributeValues, ...condition } = hasIdentifiers(before)
  const verify = {
    ...condition,
    UpdateExpression: 'SET emailVerified = :verified',
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':verified': after.emailVerified },
  }
  return [{ Update: { Key: accountKey(before.sub), ...verify } }]
}

/** The writes that delete an account and its credentials, if both are as they were read. Its epoch stays. */
export const deletionWrites = (account: Account, factors: Factors) => [
  { Delete: { Key: accountKey(account.sub), ...hasIdentifiers(account) } },
  ...account.identifiers.map((identifier) => ({
    Delete: { Key: identifierKey(identifier), ...belongsTo(account.sub) },
  })),
  { Delete: { Key: directoryKey(usernameOf(account)) } },
  { Delete: { Key: passwordKey(account.sub) } },
  ...factorDeletes(account.sub, factors),
  { Delete: { Key: factorsKey(account.sub), ...isVersion(factors.version) } },
  { Update: { Key: epochKey(account.sub), ...raiseEpochOfDeleted } },
]

// As `raiseEpochOfKeys`, with the mark.
const raiseEpochOfDeleted = {
  UpdateExpression: 'SET isDeleted = :true, keysFrom = if_not_exists(epoch, :none) + :one ADD epoch :one',
  ExpressionAttributeValues: { ':true': true, ':one': 1, ':none': 0 },
}

const identifierWrite = (identifier: string, sub: string) => ({
  Put: { Item: { ...identifierKey(identifier), sub }, ...isNew },
})

// A subject of our own is random, so no one had it before. The epoch of a deleted account stays, and says that it was.
function subjectWrites({ account, subject }: NewAccount) {
  const Key = epochKey(account.sub)
  // The token of a machine has its client id as subject.
  const isNoClient = {
    ConditionCheck: { Key: clientKey(account.sub), ConditionExpression: 'attribute_not_exists(pk)' },
  }
  switch (subject) {
    case 'new':
      return []
    case 'imported':
      return [isNoClient, { ConditionCheck: { Key, ConditionExpression: 'attribute_not_exists(isDeleted)' } }]
    case 'restored': {
      const restore = { UpdateExpression: 'REMOVE isDeleted ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }
      return [isNoClient, { Update: { Key, ...restore } }]
    }
  }
}

function passwordWrites({ account, passwordHash, isImported = false, oldUsername }: NewAccount) {
  if (isImported) return [{ Put: { Item: importedPassword(account.sub, passwordHash) } }]
  if (oldUsername !== undefined) return [{ Put: { Item: { ...passwordKey(account.sub), oldUsername } } }]
  return passwordHash === undefined ? [] : [{ Put: { Item: { ...passwordKey(account.sub), hash: passwordHash } } }]
}

function setIdentifiers(before: Account, after: Account, added: readonly string[]) {
  const { ExpressionAttributeNames, ExpressionAttributeValues, ...condition } = hasIdentifiers(before)
  // Left alone by a new name: the address may have been verified since the account was read.
  const isNewAddress = added.some((identifier) => kindOf(identifier) === 'email')
  const changes = added.map((_, index) => `#added${index} = :added${index}`)
  return {
    ...condition,
    UpdateExpression: `SET ${[...changes, ...(isNewAddress ? ['emailVerified = :verified'] : [])].join(', ')}`,
    ExpressionAttributeNames: {
      ...ExpressionAttributeNames,
      ...Object.fromEntries(added.map((identifier, index) => [`#added${index}`, kindOf(identifier)])),
    },
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ...Object.fromEntries(added.map((identifier, index) => [`:added${index}`, identifier])),
      ...(isNewAddress && { ':verified': after.emailVerified }),
    },
  }
}

function moveInDirectory(before: Account, after: Account) {
  const [from, to] = [usernameOf(before), usernameOf(after)]
  return from === to
    ? []
    : [{ Delete: { Key: directoryKey(from) } }, { Put: { Item: { ...directoryKey(to), sub: after.sub } } }]
}
