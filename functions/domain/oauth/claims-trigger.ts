import { type Account, addressOf, usernameOf } from '../accounts/account.ts'
import { fail, type Result, succeed } from '../result.ts'
import type { ClaimsQuestion, OwnersClaims } from '../sessions/ask-claims.ts'

const triggerSources = {
  log_in: 'TokenGeneration_Authentication',
  code: 'TokenGeneration_HostedAuth',
  refresh: 'TokenGeneration_RefreshTokens',
} as const satisfies Readonly<Record<ClaimsQuestion['occasion'], string>>

/**
 * The event of Amazon Cognito's pre-token-generation trigger, version 2, so that a trigger that was written for a user pool
 * works unchanged. There is no user pool here: its id is made up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export const claimsEvent = (
  { clientId, scope, groups = [], occasion }: ClaimsQuestion,
  account: Account,
  region: string,
) => ({
  version: '2',
  triggerSource: triggerSources[occasion],
  region,
  userPoolId: `${region}_Latchkey`,
  userName: usernameOf(account),
  callerContext: { awsSdkVersion: 'latchkey', clientId },
  request: {
    userAttributes: { sub: account.sub, 'cognito:user_status': 'CONFIRMED', ...attributesOf(account) },
    groupConfiguration: { groupsToOverride: [...groups], iamRolesToOverride: [], preferredRole: null },
    scopes: [...scope],
    clientMetadata: {},
  },
  response: { claimsAndScopeOverrideDetails: null },
})

// All strings, as in Cognito.
function attributesOf(account: Account) {
  const email = addressOf(account)
  return email === undefined ? {} : { email, email_verified: String(account.emailVerified) }
}

/**
 * Why an answer is refused as a whole. `older_response`: it is of version 1, about ID tokens only. `scope_added` and
 * `groups_overridden`: only an administrator, the client and the person say what is granted.
 */
export type ClaimsRefusal = {
  readonly reason:
    | 'malformed_response'
    | 'older_response'
    | 'malformed_claim'
    | 'reserved_claim'
    | 'too_large'
    | 'scope_added'
    | 'groups_overridden'
}

type Read<T> = Result<T, ClaimsRefusal>
const refuse = (reason: ClaimsRefusal['reason']) => fail({ reason })

/** The most that the claims of the owner may be, as JSON in UTF-8, in bytes. */
const maxSize = 2048

/**
 * Reads the hook's answer: the event with a filled `response`, of which `accessTokenGeneration` counts. An event that comes
 * back unchanged adds nothing.
 */
export function readOwnersClaims(answer: unknown, { scope, groups = [] }: ClaimsQuestion): Read<OwnersClaims> {
  const response = membersOf(membersOf(answer)?.['response'])
  if (!response) return refuse('malformed_response')
  if (isFilled(response['claimsOverrideDetails'])) return refuse('older_response')
  const details = readMembers(response['claimsAndScopeOverrideDetails'])
  const access = details && readMembers(details['accessTokenGeneration'])
  if (!details || !access) return refuse('malformed_response')
  if (isFilled(details['groupOverrideDetails']) && !isSame(details['groupOverrideDetails'], groups))
    return refuse('groups_overridden')
  const granted = readScope(access, scope)
  if (!granted.ok) return granted
  const claims = readClaims(access)
  return claims.ok ? succeed({ claims: claims.value, scope: granted.value }) : claims
}

function readScope({ scopesToAdd, scopesToSuppress }: Members, scope: readonly string[]): Read<readonly string[]> {
  const [added, suppressed] = [readTexts(scopesToAdd), readTexts(scopesToSuppress)]
  if (!added || !suppressed) return refuse('malformed_response')
  if (!added.every((token) => scope.includes(token))) return refuse('scope_added')
  return succeed(scope.filter((token) => !suppressed.includes(token)))
}

function readClaims({ claimsToAddOrOverride, claimsToSuppress }: Members): Read<string | undefined> {
  const [added, suppressed] = [readMembers(claimsToAddOrOverride), readTexts(claimsToSuppress)]
  if (!added || !suppressed) return refuse('malformed_response')
  const names = [...Object.keys(added), ...suppressed]
  if (names.some((name) => reserved.has(name))) return refuse('reserved_claim')
  if (!names.every((name) => claimName.test(name))) return refuse('malformed_claim')
  const claims = Object.entries(added).filter(([name, value]) => value !== null && !suppressed.includes(name))
  const json = JSON.stringify(Object.fromEntries(claims))
  if (Buffer.byteLength(json) > maxSize) return refuse('too_large')
  return succeed(claims.length > 0 ? json : undefined)
}

const claimName = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/

// Those of our access tokens, then those that are registered with IANA and say for whom, by whom or how a token may be used.
const reserved = new Set([
  ...['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'sid', 'scope', 'auth_time', 'amr', 'acr', 'groups'],
  ...['nbf', 'azp', 'nonce', 'at_hash', 'c_hash', 's_hash', 'cnf', 'act', 'may_act', 'authorization_details'],
  ...['events', 'toe', 'txn', 'sub_id', 'sub_jwk', 'vc', 'vp', '_claim_names', '_claim_sources', '__proto__'],
])

function isSame(overridden: unknown, groups: readonly string[]): boolean {
  const { groupsToOverride } = Object(overridden)
  const wanted = Array.isArray(groupsToOverride) ? new Set(groupsToOverride) : undefined
  return wanted?.size === groups.length && groups.every((group) => wanted.has(group))
}

type Members = Readonly<Record<string, unknown>>

// Cognito's own example has an empty list where nothing is overridden.
const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)

const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined

const readMembers = (value: unknown): Members | undefined => (isFilled(value) ? membersOf(value) : {})

function readTexts(value: unknown): readonly string[] | undefined {
  if (!isFilled(value)) return []
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined
}
