import type { AddAccount } from '../domain/accounts/add-account.ts'
import { canonicalIdentifier } from '../domain/accounts/identifier.ts'
import type { InvokeFailure, InvokeFunction } from '../domain/invoke-function.ts'
import { type EnteredPassword, readEnteredPassword } from '../domain/passwords/password.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import { readVerdict, triggerEvent, type Verdict } from './trigger.ts'

type MigrateDependencies = {
  readonly askTrigger: InvokeFunction
  readonly addAccount: AddAccount
  readonly region: string
  readonly write: WriteLine
  readonly now: () => number
}

/** Whether there is an account with this name and this password now, according to the old system. */
export type MigrateResponse = { readonly confirmed: boolean }

type Attempt = EnteredPassword & { readonly username: string; readonly clientId: string }

type Outcome =
  | { readonly outcome: 'success'; readonly sub: string }
  | { readonly outcome: 'failure'; readonly reason: Exclude<Verdict, 'confirmed'> | 'refused' | 'username_taken' }
  | { readonly outcome: 'failure'; readonly reason: 'unavailable'; readonly cause: string }

/**
 * Asks the owner's trigger about an identifier that is unknown here, and creates the account if it confirms the password. It has no
 * route: the log-in invokes it, once the throttle has let the attempt in.
 * @throws Unavailable where the trigger does not answer in time, or not as a trigger does.
 */
export function createMigrateHandler({ askTrigger, addAccount, region, write, now }: MigrateDependencies) {
  return async (event: unknown, { awsRequestId }: { readonly awsRequestId: string }): Promise<MigrateResponse> => {
    const attempt = readAttempt(event)
    const asked = await askTrigger(triggerEvent({ ...attempt, password: attempt.sent }, region))
    const outcome = asked.ok
      ? await act(readVerdict(asked.value, attempt.username), attempt, addAccount)
      : refusal(asked.failure)
    const name = outcome.outcome === 'success' ? 'user_migrated' : 'user_migration_fail'
    write(logLine(now(), { event: name, ...outcome, request_id: awsRequestId }))
    if ('cause' in outcome) throw new Unavailable('The old system did not answer.')
    // A name that was taken a moment ago has an account too: the log-in compares the password with its hash.
    return { confirmed: outcome.outcome === 'success' || outcome.reason === 'username_taken' }
  }
}

async function act(verdict: Verdict, { username, password }: Attempt, addAccount: AddAccount): Promise<Outcome> {
  if (verdict === 'malformed') return { outcome: 'failure', reason: 'unavailable', cause: 'MalformedAnswer' }
  if (verdict !== 'confirmed') return { outcome: 'failure', reason: verdict }
  const added = await addAccount({ username, password, scope: [] })
  return added.ok ? { outcome: 'success', sub: added.value.sub } : { outcome: 'failure', reason: added.failure.reason }
}

// A trigger says no by throwing, and that it cannot tell by throwing an error of this name. Lambda reports its own errors,
// and those of a function that cannot run, with the others.
function refusal(failure: InvokeFailure): Outcome {
  if (failure.reason === 'unavailable') return { outcome: 'failure', reason: 'unavailable', cause: 'NoAnswer' }
  const { type, message } = failure
  if (/^(?:Unavailable$|(?:Runtime|Sandbox|Function|Extension)\.)/.test(type) || /Task timed out after/.test(message)) {
    return { outcome: 'failure', reason: 'unavailable', cause: 'CannotRun' }
  }
  return { outcome: 'failure', reason: 'refused' }
}

/** @throws TypeError for what the log-in does not send, which is a fault of ours. */
function readAttempt(event: unknown): Attempt {
  const { username, password: sent, client_id: clientId } = Object(event)
  const entered = typeof sent === 'string' ? readEnteredPassword(sent) : undefined
  if (typeof username !== 'string' || canonicalIdentifier(username) !== username || entered === undefined) {
    throw new TypeError('This is not an attempt to log in.')
  }
  return { ...entered, username, clientId: String(clientId) }
}
