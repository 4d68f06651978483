import * as v from 'valibot'
import { awsError } from './aws-api.ts'

/** @throws AwsError for parameters that KMS refuses, and for those that are not understood here. */
export function readRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  parameters: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters)
  if (result.success) return result.output
  throw awsError('ValidationException', v.summarize(result.issues))
}
