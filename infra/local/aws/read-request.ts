import * as v from 'valibot'
import { awsError } from './aws-api.ts'

/** @throws AwsError for parameters that a service refuses, and for those that are not understood here. */
export function readRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  parameters: unknown,
  fault = 'ValidationException',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parameters)
  if (result.success) return result.output
  throw awsError(fault, v.summarize(result.issues))
}
