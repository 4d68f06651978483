import type { Item } from '../table/table.ts'

/** Raises the epoch of a subject by one, from 0 if it has none yet. */
export const raiseEpoch = { UpdateExpression: 'ADD epoch :one', ExpressionAttributeValues: { ':one': 1 } }

const isStill = (epoch: number): string => (epoch === 0 ? 'attribute_not_exists(epoch)' : 'epoch = :epoch')

/** The condition that the epoch is still this one, and raising it from there. */
export const raiseEpochFrom = (epoch: number) => ({
  UpdateExpression: 'SET epoch = :next',
  ConditionExpression: isStill(epoch),
  ExpressionAttributeValues: { ':next': epoch + 1, ...(epoch > 0 && { ':epoch': epoch }) },
})

// What raises the epoch ends sessions. What says that somebody else may have had the account, or that nobody may use it, ends
// its API keys too: those of an epoch before `keysFrom`.

/** Raises the epoch as `raiseEpoch` does, and ends the API keys. */
export const raiseEpochOfKeys = {
  UpdateExpression: 'SET keysFrom = if_not_exists(epoch, :none) + :one ADD epoch :one',
  ExpressionAttributeValues: { ':one': 1, ':none': 0 },
}

/** Raises the epoch as `raiseEpochFrom` does, and ends the API keys. */
export const raiseEpochOfKeysFrom = (epoch: number) => ({
  ...raiseEpochFrom(epoch),
  UpdateExpression: 'SET epoch = :next, keysFrom = :next',
})

/** The condition that the epoch is still this one. */
export const hasEpoch = (epoch: number) => ({
  ConditionExpression: isStill(epoch),
  ...(epoch > 0 && { ExpressionAttributeValues: { ':epoch': epoch } }),
})

/** Without an item it is 0. */
export function toEpoch(item: Item | undefined): number {
  if (!item) return 0
  const { epoch } = item
  if (typeof epoch !== 'number') throw new TypeError('An epoch in the table lacks its number.')
  return epoch
}
