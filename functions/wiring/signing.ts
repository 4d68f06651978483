import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { createKmsSigner } from '../adapters/kms/signer.ts'
import type { Clock } from '../domain/clock.ts'
import { randomId } from '../domain/random-id.ts'
import { createIssueAccessToken, type IssueAccessToken, type Signer } from '../domain/tokens/access-token.ts'

/** `ACCESS_TOKEN_LIFETIME` in seconds. */
export type SigningEnv = {
  readonly SIGNING_KEY_ID: string
  readonly SIGNING_KID: string
  readonly ISSUER: string
  readonly AUDIENCE: string
  readonly ACCESS_TOKEN_LIFETIME: number
}

type Signing = {
  readonly issueAccessToken: IssueAccessToken
  readonly signer: Signer
  /** Opens the connection, at load, where a function has a full CPU. Never fails. */
  readonly warmUp: () => Promise<void>
}

/** Access tokens signed by KMS. */
export function createSigning(env: SigningEnv, clock: Clock, kms: KMSClient = new KMSClient(clientConfig)): Signing {
  const rules = { issuer: env.ISSUER, audience: env.AUDIENCE, lifetime: env.ACCESS_TOKEN_LIFETIME }
  const signer = createKmsSigner(kms, env.SIGNING_KEY_ID, env.SIGNING_KID)
  return {
    issueAccessToken: createIssueAccessToken(rules, signer, () => Math.floor(clock()), randomId),
    signer,
    // The public half and not a signature, so that each `Sign` in CloudTrail stands for one token.
    warmUp: async () => {
      await kms.send(new GetPublicKeyCommand({ KeyId: env.SIGNING_KEY_ID })).catch(() => undefined)
    },
  }
}
