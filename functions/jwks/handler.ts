import { publicJwk } from '../domain/tokens/jwk-set.ts'
import { type JwksProperties, type ResourceEvent, readJwksProperties, readResourceEvent } from './request.ts'

type JwksDependencies = {
  /** The public half of a KMS key, DER-encoded. */
  readonly readPublicKey: (keyArn: string) => Promise<Uint8Array>
  readonly respond: (url: string, body: string) => Promise<void>
}

type Outcome =
  | { readonly Status: 'SUCCESS'; readonly Data?: object }
  | { readonly Status: 'FAILED'; readonly Reason: string }

/**
 * The custom resource that turns KMS keys into a JWK Set at deploy time. It always responds: CloudFormation
 * waits an hour for a missing response.
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
  // The keys are resources of their own, so there is nothing to undo.
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

// A constant id: with a new one CloudFormation would treat the resource as replaced, and delete the old one.
const identityOf = ({ StackId, RequestId, LogicalResourceId }: ResourceEvent) => ({
  PhysicalResourceId: 'jwks',
  StackId,
  RequestId,
  LogicalResourceId,
})
