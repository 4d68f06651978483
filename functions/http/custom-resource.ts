import * as v from 'valibot'

const event = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.pipe(v.string(), v.url()),
  StackId: v.string(),
  RequestId: v.string(),
  LogicalResourceId: v.string(),
  PhysicalResourceId: v.optional(v.string()),
  ResourceProperties: v.unknown(),
  OldResourceProperties: v.optional(v.unknown()),
})

/** What CloudFormation sends to a custom resource's function. */
export type ResourceEvent = v.InferOutput<typeof event>

export type ResourceOutcome =
  | { readonly Status: 'SUCCESS'; readonly Data?: object; readonly PhysicalResourceId?: string }
  | { readonly Status: 'FAILED'; readonly Reason: string }

type CustomResource = {
  /** For a resource that has none yet. With a new one CloudFormation treats it as replaced, and deletes the old one. */
  readonly physicalId: string
  readonly resolve: (event: ResourceEvent) => Promise<ResourceOutcome>
  readonly respond: (url: string, body: string) => Promise<void>
}

/** A custom resource. It always responds: CloudFormation waits an hour for a missing response. */
export function createCustomResource({ physicalId, resolve, respond }: CustomResource) {
  return async (received: unknown): Promise<void> => {
    const asked = v.parse(event, received)
    const { StackId, RequestId, LogicalResourceId } = asked
    const outcome = await resolve(asked).catch(
      (error: unknown): ResourceOutcome => ({
        Status: 'FAILED',
        Reason: error instanceof Error ? error.message : String(error),
      }),
    )
    const { PhysicalResourceId = physicalId } = asked
    const identity = { PhysicalResourceId, StackId, RequestId, LogicalResourceId }
    await respond(asked.ResponseURL, JSON.stringify({ ...identity, ...outcome }))
  }
}
