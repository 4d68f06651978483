import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbFactors } from '../../adapters/dynamodb/factors/factors.ts'
import type { InvokeOptions } from '../../adapters/lambda/invoke.ts'
import { addressOf } from '../../domain/accounts/account.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Occasion } from '../../domain/mail/mail-event.ts'
import type { Tokens } from '../../domain/sessions/start-session.ts'
import { createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import type { CompleteLogIn } from '../../domain/sign-in/complete-log-in.ts'
import type { DecryptSecret } from '../../domain/sign-in/encrypted-secret.ts'
import type { Incomplete } from '../../domain/sign-in/log-in.ts'
import { createProve, type Prove } from '../../domain/sign-in/prove.ts'
import { createVerifyCode, type TypedCode } from '../../domain/sign-in/verify-code.ts'
import { wireCodes, wireRequestCode } from '../mail.ts'
import type { ThrottleEnv } from '../settings.ts'
import type { StartEnv, StartParts } from '../start-session.ts'
import type { LogInStores } from '../stores.ts'
import { type FactorEnv, factorRules, wireCompleteLogIn } from './complete-log-in.ts'

type Parts = Pick<InvokeOptions, 'environment'> & {
  readonly client: DynamoDBDocumentClient
  readonly stores: LogInStores
  readonly decrypt: DecryptSecret
  readonly clock: Clock
}

type Env = FactorEnv & { readonly TABLE_NAME: string }

type FactorSteps<Started> = {
  readonly prove: Prove<TypedCode, Started>
  /** Mails the code that is asked for next. @throws Unavailable where nobody took the request. */
  readonly mailFactorCode: (incomplete: Incomplete, occasion: Occasion) => Promise<void>
}

/** The steps of a log-in after the password, to a session of a client. */
export const wireFactorSteps = (parts: Parts & StartParts, env: Env & StartEnv & ThrottleEnv): FactorSteps<Tokens> =>
  wireFactorStepsWith(parts, env, wireCompleteLogIn(parts, env))

/** Codes of apps, recovery codes and codes by mail, to what `completeLogIn` begins. */
export function wireFactorStepsWith<Started>(
  { client, environment, decrypt, stores, clock }: Parts,
  env: Env,
  completeLogIn: CompleteLogIn<Started>,
): FactorSteps<Started> {
  const codes = wireCodes(client, env.TABLE_NAME, clock)
  const factorStore = createDynamoDbFactors(client, env.TABLE_NAME)
  return {
    prove: createProve({
      ...stores,
      authSessions: createAuthSessions({ store: stores.authSessions, randomBytes, clock }),
      completeLogIn,
      factorRules: factorRules(env),
      findClaimant: async () => undefined,
      proofOf: ({ kind }) => kind,
      verify: createVerifyCode({ factorStore, codes, decrypt, clock }),
    }),
    mailFactorCode: async ({ account, epoch, authSession }, occasion) => {
      const address = addressOf(account)
      if (env.MAIL_FUNCTION === null || address === undefined) throw new Error('There is nobody to mail a code to.')
      const { handle } = await codes.open('enrol', { sub: account.sub, epoch, address }, authSession)
      const requestCode = wireRequestCode(env.MAIL_FUNCTION, { client, environment })
      await requestCode({ kind: 'code', purpose: 'enrol', ...handle, ...occasion })
    },
  }
}
