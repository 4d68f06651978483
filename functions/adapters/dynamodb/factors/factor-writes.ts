import type { Factors } from '../../../domain/factors/factors.ts'
import { passkeyKey, passkeyOwnerKey, recoveryKey, totpKey } from '../table/keys.ts'

// Writes that are to be part of one transaction.

/** The writes that delete the factors of an account, but for their common state. */
export const factorDeletes = (sub: string, { passkeys }: Pick<Factors, 'passkeys'>) => [
  { Delete: { Key: totpKey(sub) } },
  { Delete: { Key: recoveryKey(sub) } },
  ...passkeys.flatMap(({ id }) => passkeyDeletes(sub, id)),
]

/** The writes that delete a passkey, and that it is somebody's. */
export const passkeyDeletes = (sub: string, id: string) => [
  { Delete: { Key: passkeyKey(sub, id) } },
  { Delete: { Key: passkeyOwnerKey(id) } },
]

/** The condition that no factor was added or removed since the version was read. */
export const isVersion = (version: number) => ({
  ConditionExpression: version === 0 ? 'attribute_not_exists(version)' : 'version = :version',
  ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
})
