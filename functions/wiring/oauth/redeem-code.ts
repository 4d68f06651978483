import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbAuthorizationCodes } from '../../adapters/dynamodb/oauth/authorization-codes.ts'
import { createFindConsent } from '../../adapters/dynamodb/oauth/consent-look-up.ts'
import { createAuthorizationCodes } from '../../domain/oauth/authorization-code.ts'
import { createRedeemCode, type RedeemCode } from '../../domain/oauth/redeem-code.ts'
import type { SsoSessions } from '../../domain/sessions/sso-session.ts'
import type { Signer } from '../../domain/tokens/access-token.ts'
import { createIssueIdToken } from '../../domain/tokens/id-token.ts'
import { type TargetEnv, targetsOf } from '../settings.ts'
import { type StartEnv, type StartParts, wireStartSession } from '../start-session.ts'

type Env = StartEnv & {
  readonly TABLE_NAME: string
  readonly ISSUER: string
  readonly ACCESS_TOKEN_LIFETIME: number
} & TargetEnv

type Parts = StartParts & {
  readonly client: DynamoDBDocumentClient
  readonly signer: Signer
  readonly sso: Pick<SsoSessions, 'admits' | 'bar'>
}

/** The exchange of authorization codes. An ID token is good for as long as the access token that comes with it. */
export const wireRedeemCode = ({ client, signer, sso, ...parts }: Parts, env: Env): RedeemCode =>
  createRedeemCode({
    ...parts.stores,
    codes: createAuthorizationCodes({
      store: createDynamoDbAuthorizationCodes(client, env.TABLE_NAME),
      randomBytes,
      clock: parts.clock,
    }),
    sso,
    findConsent: createFindConsent(client, env.TABLE_NAME),
    startSession: wireStartSession(parts, env),
    issueIdToken: createIssueIdToken({ issuer: env.ISSUER, lifetime: env.ACCESS_TOKEN_LIFETIME }, signer, parts.clock),
    randomBytes,
    targets: targetsOf(env),
  })
