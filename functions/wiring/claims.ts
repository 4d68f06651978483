import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createAccountLookUp } from '../adapters/dynamodb/accounts/account-look-up.ts'
import type { InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { AskClaims } from '../domain/sessions/ask-claims.ts'
import { Unavailable } from '../domain/unavailable.ts'

type Parts = Pick<InvokeOptions, 'environment' | 'timeLimit'> & { readonly client: DynamoDBDocumentClient }

/** `CLAIMS_HOOK` is the ARN of the owner's function, null without one. */
type Env = { readonly TABLE_NAME: string; readonly CLAIMS_HOOK: string | null }

/** Asks the owner's hook for claims; undefined without one. What does so is loaded apart, and at once, as `wireInvoke` does. */
export function wireClaims(
  { client, ...parts }: Parts,
  { TABLE_NAME, CLAIMS_HOOK: functionName }: Env,
): AskClaims | undefined {
  if (functionName === null) return undefined
  const loading = import('./ask-claims.ts')
  const options = { ...createAccountLookUp(client, TABLE_NAME), ...parts, client, functionName }
  return async (question) => {
    const asked = await (await loading).askClaims(question, options)
    if (!asked.ok) throw new Unavailable('No claims.', { cause: `claims_${asked.failure.reason}` })
    return asked.value
  }
}
