import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createCountFailure } from '../../adapters/dynamodb/factors/factor-failures.ts'
import { createDynamoDbPasskeys } from '../../adapters/dynamodb/factors/passkeys.ts'
import type { Clock } from '../../domain/clock.ts'
import type { AssertionCredential } from '../../domain/factors/credential.ts'
import type { SsoSessions } from '../../domain/sessions/sso-session.ts'
import { type AuthSessions, createAuthSessions } from '../../domain/sign-in/auth-session.ts'
import type { CompleteLogIn } from '../../domain/sign-in/complete-log-in.ts'
import { createEnrol } from '../../domain/sign-in/enrolment/enrol.ts'
import { createEnrolPasskey, type RelyingParty } from '../../domain/sign-in/enrolment/enrol-passkey.ts'
import { createAskForPasskey, createFindClaimant, createVerifyPasskey } from '../../domain/sign-in/passkey-step.ts'
import { createProve } from '../../domain/sign-in/prove.ts'
import { relyingParty as relyingPartyOf, type ThrottleEnv } from '../settings.ts'
import { wireCompleteLogInWith } from './complete-log-in.ts'
import type { Factors } from './factors.ts'
import { authSessionsOf, startSso } from './sso.ts'

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
export function wirePasskeys(parts: Parts, env: Env) {
  const { factors } = parts
  const relyingParty: RelyingParty = { ...relyingPartyOf(env), name: env.SERVICE_NAME }
  const stepsWith = <Started>(ending: Ending<Started>) => wireSteps(parts, env, relyingParty, ending)
  return { ...stepsWith(factors), stepsWith }
}

/** Where the auth sessions of a log-in lie, and what it begins. */
type Ending<Started> = { readonly authSessions: AuthSessions; readonly completeLogIn: CompleteLogIn<Started> }

function wireSteps<Started>(
  { client, factors, clock }: Parts,
  env: Env,
  relyingParty: RelyingParty,
  { authSessions, completeLogIn }: Ending<Started>,
) {
  const passkeyStore = createDynamoDbPasskeys(client, env.TABLE_NAME)
  const common = { ...factors, authSessions, completeLogIn }
  return {
    authSessions,
    enrolPasskey: createEnrolPasskey<Started>({ ...common, enrol: createEnrol(common), relyingParty }),
    askForPasskey: createAskForPasskey({ ...common, rpId: relyingParty.rpId, randomBytes, clock }),
    prove: createProve<AssertionCredential, Started>({
      ...common,
      findClaimant: createFindClaimant({ ...factors, passkeyStore }),
      proofOf: () => 'passkey',
      verify: createVerifyPasskey({
        passkeyStore,
        factorStore: createCountFailure(client, env.TABLE_NAME),
        relyingParty,
        clock,
      }),
    }),
  }
}

/** The steps of a sign-in with a passkey on the pages of a flow: `formerToken` is what the browser's cookie held before. */
export const wirePasskeyPage =
  (
    { client, factors, clock, sso }: Parts & { readonly sso: Pick<SsoSessions, 'begin' | 'renew' | 'isAlive'> },
    env: Env & ThrottleEnv,
    { stepsWith }: ReturnType<typeof wirePasskeys>,
  ) =>
  (flowId: string, formerToken: string | undefined) => {
    const store = authSessionsOf(flowId, { client, sso }, env)
    const completeLogIn = wireCompleteLogInWith({ stores: factors.stores, clock }, env, startSso(sso, formerToken))
    return stepsWith({ authSessions: createAuthSessions({ store, randomBytes, clock }), completeLogIn })
  }
