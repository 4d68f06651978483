import { canonicalIdentifier, kindOf } from '../domain/accounts/identifier.ts'

/** What the trigger is asked. */
type Question = { readonly username: string; readonly password: string; readonly clientId: string }

/**
 * The event of Amazon Cognito's user migration trigger at a sign-in, so that a trigger that was written for a user pool works
 * unchanged. There is no user pool here: its id is made up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
 */
export const triggerEvent = ({ username, password, clientId }: Question, region: string) => ({
  version: '1',
  triggerSource: 'UserMigration_Authentication',
  region,
  userPoolId: `${region}_Latchkey`,
  userName: username,
  callerContext: { awsSdkVersion: 'latchkey', clientId },
  request: { password, validationData: null, clientMetadata: null },
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
 * Reads the trigger's answer, which is the event with a filled `response`. An event that comes back unchanged confirms
 * nothing: that is how a trigger passes over what it was not written for. Only the status CONFIRMED confirms anything.
 */
export function readVerdict(answer: unknown, username: string): Verdict {
  // Some of AWS's own examples return nothing for a wrong password.
  if (answer === null) return 'unknown'
  const response = membersOf(membersOf(answer)?.['response'])
  if (!response) return 'malformed'
  const { userAttributes, finalUserStatus: status } = response
  if (userAttributes === null || userAttributes === undefined) return 'unknown'
  const attributes = membersOf(userAttributes)
  if (!attributes || Object.keys(attributes).length === 0) return 'malformed'
  // "If you don't set this attribute to CONFIRMED, it's set to RESET_REQUIRED", says Cognito's documentation.
  if (status !== 'CONFIRMED') {
    return [undefined, null, '', 'RESET_REQUIRED'].includes(status as string) ? 'reset_required' : 'malformed'
  }
  return isOf(attributes, username) ? 'confirmed' : 'someone_else'
}

// An attribute of the other kind says nothing: a user pool whose people sign in by address has random user names.
function isOf(attributes: Readonly<Record<string, unknown>>, username: string): boolean {
  const named = attributes[kindOf(username) === 'email' ? 'email' : 'username']
  return named === undefined || (typeof named === 'string' && canonicalIdentifier(named) === username)
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
