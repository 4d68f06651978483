/** A policy document of the template, every intrinsic function already resolved. */
export type PolicyDocument = { readonly Version?: string; readonly Statement: unknown }

/** `unreadable`: the request has the key, but its value could not be told from the request; no condition on it holds. */
export type ConditionValues = readonly string[] | 'unreadable'

export type AccessRequest = {
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, ConditionValues>>
}

export type Decision = 'allowed' | 'not allowed' | 'explicitly denied'

/** @throws Error naming whatever a document holds that is not understood here. */
export declare function createPolicyEvaluator(policies: readonly PolicyDocument[]): (request: AccessRequest) => Decision
