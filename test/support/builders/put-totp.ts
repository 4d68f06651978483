import { randomBytes } from 'node:crypto'
import { TOTP } from 'otpauth'
import { createDynamoDbEnrolments } from '../../../functions/adapters/dynamodb/factors/enrolments.ts'
import type { TestTable } from '../table.ts'
import type { OAuthService } from './oauth-service.ts'

/** Puts an app where its enrolment would; gives what it shows. */
export async function putTotp(
  { client, name }: Pick<TestTable, 'client' | 'name'>,
  { account: { sub }, clock }: Pick<OAuthService, 'account' | 'clock'>,
  recoveryCodes: readonly string[] = ['a hash'],
): Promise<() => string> {
  const totp = new TOTP()
  const secret = totp.secret.base32
  const store = createDynamoDbEnrolments(client, name)
  const pending = { kind: 'totp', holder: randomBytes(16).toString('hex') } as const
  await store.putPending(pending, { secret }, clock() + 600)
  const put = {
    sub,
    epoch: 0,
    version: 0,
    pending,
    recoveryCodes,
    totp: { secret, createdAt: clock() },
    step: 0,
  }
  const added = await store.addTotp(put)
  if (!added.ok) throw new Error(added.failure.reason)
  return () => totp.generate({ timestamp: clock() * 1000 })
}
