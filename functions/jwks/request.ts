import * as v from 'valibot'

const properties = v.object({
  KeyArns: v.pipe(v.array(v.string()), v.minLength(1)),
  SigningKeyArn: v.string(),
})

const event = v.object({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.pipe(v.string(), v.url()),
  StackId: v.string(),
  RequestId: v.string(),
  LogicalResourceId: v.string(),
  ResourceProperties: v.unknown(),
})

/** What CloudFormation sends to a custom resource's function. */
export type ResourceEvent = v.InferOutput<typeof event>

/** `KeyArns` are the keys of all accepted generations; `SigningKeyArn` is the one of them that signs. */
export type JwksProperties = v.InferOutput<typeof properties>

export const readResourceEvent = (received: unknown): ResourceEvent => v.parse(event, received)

export function readJwksProperties(received: unknown): JwksProperties {
  const read = v.parse(properties, received)
  if (!read.KeyArns.includes(read.SigningKeyArn)) throw new Error('SigningKeyArn must be one of KeyArns.')
  return read
}
