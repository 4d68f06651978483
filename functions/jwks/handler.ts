import { publicJwk } from '../domain/tokens/jwk-set.ts'
import { type JwksProperties, type ResourceEvent, readJwksProperties, readResourceEvent } from './request.ts'

export type JwksDependencies = {
  /** The DER-encoded public half of a KMS key. */
  readonly readPublicKey: (keyArn: string) => Promise<Uint8Array>
  readonly respond: (url: string, body: string) => Promise<void>
}

type Outcome =
  | { readonly Status: 'SUCCESS'; readonly Data?: object }
  | { readonly Status: 'FAILED'; readonly Reason: string }

/**
 * The custom resource that turns KMS keys into a JWK Set at deploy time. It answers whatever happens: CloudFormation
 * waits an hour for an answer that does not come.
 */
export function createJwksHandler({ readPublicKey, respond }: JwksDependencies) {
  return async (received: unknown): Promise<void> => {
    const event = readResourceEvent(received)
    const outcome = await resolveOutcome(event, readPublicKey)
    await respond(event.ResponseURL, JSON.stringify({ ...identityOf(event), ...outcome }))
  }
}

async function resolveOutcome(
  event: ResourceEvent,
  readPublicKey: JwksDependencies['readPublicKey'],
): Promise<Outcome> {
  // The keys are their own resources: when this one goes there is nothing to undo.
  if (event.RequestType === 'Delete') return { Status: 'SUCCESS' }
  try {
    return { Status: 'SUCCESS', Data: await createJwkSet(readJwksProperties(event.ResourceProperties), readPublicKey) }
  } catch (error) {
    return { Status: 'FAILED', Reason: error instanceof Error ? error.message : String(error) }
  }
}

async function createJwkSet(
  { KeyArns, SigningKeyArn }: JwksProperties,
  readPublicKey: JwksDependencies['readPublicKey'],
): Promise<{ readonly Jwks: string; readonly SigningKid: string | undefined }> {
  const keys = await Promise.all(KeyArns.map(async (keyArn) => publicJwk(await readPublicKey(keyArn))))
  return { Jwks: JSON.stringify({ keys }), SigningKid: keys[KeyArns.indexOf(SigningKeyArn)]?.kid }
}

// A constant id: another one would tell CloudFormation that the resource was replaced, and the old one is to be deleted.
const identityOf = ({ StackId, RequestId, LogicalResourceId }: ResourceEvent) => ({
  PhysicalResourceId: 'jwks',
  StackId,
  RequestId,
  LogicalResourceId,
})
