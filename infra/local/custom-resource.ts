import type { Invoke } from './lambda.ts'

export type CustomResource = {
  readonly logicalId: string
  readonly type: string
  readonly stackId: string
  /** Resolved, with the ServiceToken: the ARN of the function that provides the resource. */
  readonly properties: Readonly<Record<string, unknown>>
  /** What an earlier run left; with it the resource is updated, without it created. */
  readonly previous?: { readonly physicalId: string; readonly properties: Readonly<Record<string, unknown>> }
}

export type ProvidedResource = { readonly physicalId: string; readonly data: Readonly<Record<string, unknown>> }

/** @throws Error with the provider's reason where it failed or did not answer. */
export declare function provideCustomResource(resource: CustomResource, invoke: Invoke): Promise<ProvidedResource>
