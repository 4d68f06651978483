import { canonicalIdentifier, kindOf } from '../domain/accounts/identifier.ts'
import type { MigrateAccount, MigrateForRecovery } from '../domain/accounts/migrate-account.ts'
import type { InvokeFailure, InvokeFunction } from '../domain/invoke-function.ts'
import { type EnteredPassword, readEnteredPassword } from '../domain/passwords/password.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import { readRecovery, readVerdict, triggerEvent, type Verdict } from './trigger.ts'

type MigrateDependencies = {
  readonly askTrigger: InvokeFunction
  readonly migrateAccount: MigrateAccount
  readonly migrateForRecovery: MigrateForRecovery
  readonly region: string
  readonly write: WriteLine
  readonly now: () => number
}

/** Whether there is an account with this name, and at a log-in with this password, according to the old system. */
export type MigrateResponse = { readonly confirmed: boolean }

type Attempt = EnteredPassword & { readonly username: string; readonly clientId: string }
type Recovery = { readonly username: string }

type Refusal = Exclude<Verdict, 'confirmed' | 'malformed'> | 'no_verified_address' | 'refused' | 'username_taken'

type Outcome =
  | { readonly outcome: 'success'; readonly sub: string; readonly flow?: 'after_recovery' }
  | { readonly outcome: 'failure'; readonly reason: Refusal }
  | { readonly outcome: 'failure'; readonly reason: 'unavailable'; readonly cause: string }

/**
 * Asks the owner's trigger about an identifier that is unknown here, and creates the account if it confirms it: with the
 * password at a log-in, without one at a recovery. A log-in may also set the password that a recovery has left open. It has
 * no route: the log-in invokes it, once the throttle has let the attempt in, and so does the function that mails.
 * @throws Unavailable where the trigger does not answer in time, or not as a trigger does.
 */
export function createMigrateHandler({ askTrigger, region, write, now, ...migration }: MigrateDependencies) {
  return async (event: unknown, { awsRequestId }: { readonly awsRequestId: string }): Promise<MigrateResponse> => {
    const question = readQuestion(event)
    const { username } = question
    const isLogIn = 'sent' in question
    const asked = await askTrigger(
      triggerEvent(isLogIn ? { ...question, password: question.sent } : { username }, region),
    )
    const outcome = !asked.ok
      ? refusal(asked.failure)
      : isLogIn
        ? await logIn(asked.value, question, migration.migrateAccount)
        : await recover(asked.value, username, migration.migrateForRecovery)
    const name = outcome.outcome === 'success' ? 'user_migrated' : 'user_migration_fail'
    const flow = isLogIn ? {} : { flow: 'recovery' }
    write(logLine(now(), { event: name, ...flow, ...outcome, request_id: awsRequestId }))
    if ('cause' in outcome) throw new Unavailable('The old system did not answer.')
    // A name that was taken a moment ago has an account too: the log-in compares the password with its hash, and a recovery
    // looks for the account.
    return { confirmed: outcome.outcome === 'success' || outcome.reason === 'username_taken' }
  }
}

async function logIn(
  answer: unknown,
  { username, password }: Attempt,
  migrateAccount: MigrateAccount,
): Promise<Outcome> {
  const verdict = readVerdict(answer, username)
  if (verdict === 'malformed') return malformed
  if (verdict !== 'confirmed') return { outcome: 'failure', reason: verdict }
  const verified = kindOf(username) === 'email' && readRecovery(answer, username).ok
  const migrated = await migrateAccount({ username, password, verified })
  if (!migrated.ok) return { outcome: 'failure', ...migrated.failure }
  const { sub, isNew } = migrated.value
  return { outcome: 'success', sub, ...(!isNew && { flow: 'after_recovery' }) }
}

async function recover(answer: unknown, username: string, migrateForRecovery: MigrateForRecovery): Promise<Outcome> {
  const recovery = readRecovery(answer, username)
  if (recovery.ok) {
    const added = await migrateForRecovery({ ...recovery.value, username })
    return added.ok ? { outcome: 'success', sub: added.value.sub } : { outcome: 'failure', ...added.failure }
  }
  const { reason } = recovery.failure
  return reason === 'malformed' ? malformed : { outcome: 'failure', reason }
}

const malformed: Outcome = { outcome: 'failure', reason: 'unavailable', cause: 'MalformedAnswer' }

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

/** @throws TypeError for what no function of ours sends, which is a fault of ours. */
function readQuestion(event: unknown): Attempt | Recovery {
  const { username, password: sent, client_id: clientId } = Object(event)
  if (typeof username !== 'string' || canonicalIdentifier(username) !== username) throw notOurs()
  // A log-in says which client it came by: one that lost its password must not pass for a recovery.
  if (sent === undefined && clientId === undefined) return { username }
  const entered = typeof sent === 'string' ? readEnteredPassword(sent) : undefined
  if (entered === undefined) throw notOurs()
  return { ...entered, username, clientId: String(clientId) }
}

const notOurs = (): TypeError => new TypeError('This is neither a log-in nor a recovery.')
