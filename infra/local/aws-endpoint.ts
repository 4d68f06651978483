import type { LocalTable } from './dynamodb.ts'
import type { PolicyDocument } from './iam.ts'
import type { LocalKey } from './kms.ts'
import type { Invoke, Log } from './lambda.ts'

/** Who calls: a function's role, known by the access key id that the function was given. */
export type Principal = {
  readonly accessKeyId: string
  readonly arn: string
  readonly policies: readonly PolicyDocument[]
}

export type AwsEndpointOptions = {
  readonly data: string
  readonly region: string
  readonly account: string
  readonly tables: readonly LocalTable[]
  readonly keys: readonly LocalKey[]
  readonly principals: readonly Principal[]
  readonly invoke: Invoke
  readonly log: Log
}

export type AwsEndpoint = { readonly url: string; readonly close: () => Promise<void> }

export declare function createAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint>
