import { canonicalIdentifier, kindOf } from '../domain/accounts/identifier.ts'
import { isMailAddress } from '../domain/mail/address.ts'
import { fail, type Result, succeed } from '../domain/result.ts'

/** What the trigger is asked: at a log-in about a name and a password, at a recovery about a name. */
type Question = { readonly username: string; readonly password?: string; readonly clientId?: string }

/**
 * The event of Amazon Cognito's user migration trigger, so that a trigger that was written for a user pool works unchanged.
 * There is no user pool here: its id is made up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
 */
export const triggerEvent = (
  { username, password, clientId = 'CLIENT_ID_NOT_APPLICABLE' }: Question,
  region: string,
) => ({
  version: '1',
  triggerSource: password === undefined ? 'UserMigration_ForgotPassword' : 'UserMigration_Authentication',
  region,
  userPoolId: `${region}_Latchkey`,
  userName: username,
  callerContext: { awsSdkVersion: 'latchkey', clientId },
  request: { ...(password !== undefined && { password }), validationData: null, clientMetadata: null },
  response: {
    userAttributes: null,
    forceAliasCreation: null,
    finalUserStatus: null,
    messageAction: null,
    desiredDeliveryMediums: null,
    enableSMSMFA: null,
  },
})

/** What the trigger says: who it is, that it is nobody it knows, or something that a trigger does not say. */
export type Verdict = 'confirmed' | 'unknown' | 'reset_required' | 'someone_else' | 'malformed'

/**
 * Reads the trigger's answer at a log-in, which is the event with a filled `response`. An event that comes back unchanged confirms
 * nothing: that is how a trigger passes over what it was not written for. Only the status CONFIRMED confirms anything.
 */
export function readVerdict(answer: unknown, username: string): Verdict {
  const described = readDescription(answer)
  if (!described.ok) return described.failure.reason
  const { attributes, status } = described.value
  // "If you don't set this attribute to CONFIRMED, it's set to RESET_REQUIRED", says Cognito's documentation.
  if (status !== 'CONFIRMED') {
    return [undefined, null, '', 'RESET_REQUIRED'].includes(status as string) ? 'reset_required' : 'malformed'
  }
  return isOf(attributes, username) ? 'confirmed' : 'someone_else'
}

type NotRecoverable = { readonly reason: 'unknown' | 'someone_else' | 'malformed' | 'no_verified_address' }

/**
 * Reads the trigger's answer at a recovery: the identifiers of an account to which a code may be mailed. Cognito too wants
 * an address that is marked as verified. The status says nothing here, because the person chooses a new password anyway.
 */
export function readRecovery(
  answer: unknown,
  username: string,
): Result<{ readonly identifiers: readonly string[] }, NotRecoverable> {
  const described = readDescription(answer)
  if (!described.ok) return described
  const { attributes } = described.value
  if (!isOf(attributes, username)) return fail({ reason: 'someone_else' })
  const { email, email_verified: verified } = attributes
  const address = typeof email === 'string' ? canonicalIdentifier(email) : undefined
  if (address === undefined || !isMailAddress(address) || ![true, 'true'].includes(verified as string)) {
    return fail({ reason: 'no_verified_address' })
  }
  return succeed({ identifiers: kindOf(username) === 'email' ? [address] : [username, address] })
}

type Description = { readonly attributes: Readonly<Record<string, unknown>>; readonly status: unknown }

/** Whom an answer describes. */
function readDescription(answer: unknown): Result<Description, { readonly reason: 'unknown' | 'malformed' }> {
  // Some of AWS's own examples return nothing for a wrong password.
  if (answer === null) return fail({ reason: 'unknown' })
  const response = membersOf(membersOf(answer)?.['response'])
  if (!response) return fail({ reason: 'malformed' })
  const { userAttributes, finalUserStatus: status } = response
  if (userAttributes === null || userAttributes === undefined) return fail({ reason: 'unknown' })
  const attributes = membersOf(userAttributes)
  if (!attributes || Object.keys(attributes).length === 0) return fail({ reason: 'malformed' })
  return succeed({ attributes, status })
}

// An attribute of the other kind says nothing: a user pool whose people sign in by address has random user names.
function isOf(attributes: Readonly<Record<string, unknown>>, username: string): boolean {
  const named = attributes[kindOf(username) === 'email' ? 'email' : 'username']
  return named === undefined || (typeof named === 'string' && canonicalIdentifier(named) === username)
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
