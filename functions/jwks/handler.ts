import { publicJwk } from '../domain/tokens/jwk-set.ts'
import { createCustomResource, type ResourceEvent, type ResourceOutcome } from '../http/custom-resource.ts'
import { refuseDroppedDomain } from './dropped-domain.ts'
import { refuseDropped } from './dropped-generations.ts'
import { type JwksProperties, readJwksProperties } from './request.ts'

type JwksDependencies = {
  /** The public half of a KMS key, DER-encoded. */
  readonly readPublicKey: (keyArn: string) => Promise<Uint8Array>
  /** Whether CloudFormation is undoing an update of this stack. */
  readonly isRollingBack: (stackId: string) => Promise<boolean>
  readonly respond: (url: string, body: string) => Promise<void>
}

/** The custom resource that turns KMS keys into a JWK Set at deploy time. */
export const createJwksHandler = ({ respond, ...dependencies }: JwksDependencies) =>
  createCustomResource({ physicalId: 'jwks', respond, resolve: (event) => resolveOutcome(event, dependencies) })

async function resolveOutcome(event: ResourceEvent, dependencies: Reading): Promise<ResourceOutcome> {
  // The keys are resources of their own, so there is nothing to undo.
  if (event.RequestType === 'Delete') return { Status: 'SUCCESS' }
  const properties = readJwksProperties(event.ResourceProperties)
  const refusal = await refuse(event, properties, dependencies)
  if (refusal !== undefined) return { Status: 'FAILED', Reason: refusal }
  return { Status: 'SUCCESS', Data: await createJwkSet(properties, dependencies.readPublicKey) }
}

type Reading = Omit<JwksDependencies, 'respond'>

/** A rollback drops what the update has added, and must not be stopped. */
async function refuse(event: ResourceEvent, after: JwksProperties, { isRollingBack }: Reading) {
  if (event.RequestType !== 'Update') return undefined
  const before = readJwksProperties(event.OldResourceProperties)
  const refusal = refuseDropped(before, after) ?? refuseDroppedDomain(before, after)
  return refusal !== undefined && (await isRollingBack(event.StackId)) ? undefined : refusal
}

async function createJwkSet(
  { KeyArns, SigningKeyArn }: JwksProperties,
  readPublicKey: JwksDependencies['readPublicKey'],
): Promise<{ readonly Jwks: string; readonly SigningKid: string | undefined }> {
  const read = async (keyArn: string) => {
    const jwk = await publicJwk(await readPublicKey(keyArn))
    return { keyArn, jwk }
  }
  const skip = (keyArn: string) => (error: unknown) => {
    // It was disabled on purpose, after a misuse: its tokens must be refused. But the key that signs must be there.
    if (keyArn !== SigningKeyArn && error instanceof Error && error.name === 'DisabledException') return undefined
    throw error
  }
  const found = await Promise.all(KeyArns.map((keyArn) => read(keyArn).catch(skip(keyArn))))
  const keys = found.filter((each) => each !== undefined)
  const signing = keys.find(({ keyArn }) => keyArn === SigningKeyArn)
  return { Jwks: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), SigningKid: signing?.jwk.kid }
}
