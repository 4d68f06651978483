import type { AuthorizerAnswer } from '../../../functions/http/authorizer/authorizer-response.ts'

/** What API Gateway makes of an answer that it has kept, for the route of this ARN. */
export function evaluate(answer: AuthorizerAnswer, methodArn: string): 'allowed' | 'denied' | 'not mentioned' {
  if (!('policyDocument' in answer)) return answer.isAuthorized ? 'allowed' : 'denied'
  const effects = answer.policyDocument.Statement.filter(({ Resource }) => covers(Resource, methodArn))
  if (effects.some(({ Effect }) => Effect === 'Deny')) return 'denied'
  return effects.length > 0 ? 'allowed' : 'not mentioned'
}

// IAM's wildcards: an asterisk for any characters, slashes too, and a question mark for one.
function covers(pattern: string, arn: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(arn)
}
