import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbFactors } from '../adapters/dynamodb/factors/factors.ts'
import { createDynamoDbPasskeys } from '../adapters/dynamodb/factors/passkeys.ts'
import type { Clock } from '../domain/clock.ts'
import type { AssertionCredential } from '../domain/factors/credential.ts'
import { createEnrolPasskey, type RelyingParty } from '../domain/sign-in/enrol-passkey.ts'
import { createAskForPasskey, createFindClaimant, createVerifyPasskey } from '../domain/sign-in/passkey-step.ts'
import { createProve } from '../domain/sign-in/prove.ts'
import type { Factors } from './factors.ts'
import { relyingParty as relyingPartyOf } from './settings.ts'

type Env = {
  readonly TABLE_NAME: string
  readonly ISSUER: string
  /** The host of the issuer where it is null. */
  readonly RP_ID: string | null
  readonly PASSKEY_ORIGINS: readonly string[]
  readonly SERVICE_NAME: string
}

type Parts = { readonly client: DynamoDBDocumentClient; readonly factors: Factors; readonly clock: Clock }

/** Passkeys: their enrolment, and the steps of a log-in with one. They may be used on the issuer's own pages too. */
export function wirePasskeys({ client, factors, clock }: Parts, env: Env) {
  const passkeyStore = createDynamoDbPasskeys(client, env.TABLE_NAME)
  const relyingParty: RelyingParty = { ...relyingPartyOf(env), name: env.SERVICE_NAME }
  const { rpId } = relyingParty
  return {
    enrolPasskey: createEnrolPasskey({ ...factors, relyingParty, randomBytes, clock }),
    askForPasskey: createAskForPasskey({ ...factors, rpId, randomBytes, clock }),
    prove: createProve<AssertionCredential>({
      ...factors,
      findClaimant: createFindClaimant(passkeyStore, factors.sessions),
      proofOf: () => 'passkey',
      verify: createVerifyPasskey({
        passkeyStore,
        factorStore: createDynamoDbFactors(client, env.TABLE_NAME),
        relyingParty,
        clock,
      }),
    }),
  }
}
