import { createInvokeFunction, type InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { AccountStore } from '../domain/accounts/account.ts'
import type { InvokeFailure } from '../domain/invoke-function.ts'
import { type ClaimsRefusal, claimsEvent, readOwnersClaims } from '../domain/oauth/claims-trigger.ts'
import { fail, type Result } from '../domain/result.ts'
import type { ClaimsQuestion, OwnersClaims } from '../domain/sessions/ask-claims.ts'

// In milliseconds, from the start to the last byte of the answer: a person waits for it.
const timeLimit = 1000

export type ClaimsOptions = Pick<InvokeOptions, 'client' | 'environment' | 'functionName' | 'timeLimit'> &
  Pick<AccountStore, 'findAccount'>

type ClaimsFailure = ClaimsRefusal | Pick<InvokeFailure, 'reason'> | { readonly reason: 'user_gone' }

/** Asks the owner's hook, once. A module of its own, loaded only where there is a hook. */
export async function askClaims(
  question: ClaimsQuestion,
  { findAccount, ...options }: ClaimsOptions,
): Promise<Result<OwnersClaims, ClaimsFailure>> {
  const [account, region] = await Promise.all([findAccount(question.sub), options.client.config.region()])
  if (!account) return fail({ reason: 'user_gone' })
  const invoke = createInvokeFunction({ timeLimit, ...options })
  const answer = await invoke(claimsEvent(question, account, region))
  return answer.ok ? readOwnersClaims(answer.value, question) : answer
}
