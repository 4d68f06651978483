import * as v from 'valibot'

// CloudFormation turns every value into text.
const properties = v.object({
  KeyArns: v.pipe(v.array(v.string()), v.minLength(1)),
  SigningKeyArn: v.string(),
  Generations: v.optional(v.array(v.string()), []),
  Retire: v.optional(v.array(v.string()), []),
  Domain: v.optional(v.string()),
  Zone: v.optional(v.string()),
  Protect: v.optional(v.string()),
})

/**
 * `KeyArns` are the keys of all accepted generations and `Generations` their names; `SigningKeyArn` is the one of them that
 * signs. `Domain` is the name of the service's domain and `Zone` the hosted zone with its records, where there are any.
 * `Retire` are the generations and the domain that may be dropped where `Protect` is `true`.
 */
export type JwksProperties = v.InferOutput<typeof properties>

export function readJwksProperties(received: unknown): JwksProperties {
  const read = v.parse(properties, received)
  if (!read.KeyArns.includes(read.SigningKeyArn)) throw new Error('SigningKeyArn must be one of KeyArns.')
  return read
}
