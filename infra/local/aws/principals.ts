import type { Log } from '../lambda/lambda.ts'
import { awsError } from './aws-api.ts'
import { type AccessRequest, createPolicyEvaluator, type PolicyDocument } from './iam.ts'
import type { SigningCredentials } from './signature.ts'

/** Who may call, known by an access key id: a function in its role, or a person. */
export type Principal = SigningCredentials & {
  readonly accessKeyId: string
  readonly arn: string
  readonly policies: readonly PolicyDocument[]
}

/** Lets a request pass or throws. */
type Authorize = (request: AccessRequest) => void

type Caller = { readonly principal: Principal; readonly authorize: Authorize }

/** Finds the principal of an access key, and the check of what it may do. */
export function createAuthenticator(principals: readonly Principal[], log: Log): (accessKeyId: string) => Caller {
  const callers = new Map(
    principals.map((principal) => [principal.accessKeyId, { principal, authorize: createAuthorizer(principal, log) }]),
  )
  // The access keys are random, made for one start, and readable only by this user.
  return (accessKeyId) => {
    const caller = callers.get(accessKeyId)
    if (caller) return caller
    throw awsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403)
  }
}

function createAuthorizer({ arn, policies }: Principal, log: Log): Authorize {
  const decide = createPolicyEvaluator(policies, arn)
  return (request) => {
    const decision = decide(request)
    if (decision === 'allowed') return
    const { action, resource } = request
    const why =
      decision === 'not allowed'
        ? `because no identity-based policy allows the ${action} action`
        : 'with an explicit deny in an identity-based policy'
    const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`
    log('iam', message)
    throw awsError('AccessDeniedException', message, 403)
  }
}
