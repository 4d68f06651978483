import { matches } from '../aws/iam.ts'
import { refuse } from '../refusal.ts'
import type { Place } from '../template/physical-ids.ts'
import type { Properties } from '../template/resource-types.ts'

export type Permission = Properties<'AWS::Lambda::Permission'>

/** What API Gateway calls a function for: a route (`POST /login`, `$default`) or an authorizer (`authorizers/ID`). */
export function callerArn(apiId: string, source: string, { region, account }: Place, stage = '$default'): string {
  const path = source.startsWith('authorizers/') ? source : `${stage}/${source.replace(' ', '')}`
  return `arn:aws:execute-api:${region}:${account}:${apiId}/${path}`
}

/** On AWS a call without permission is answered by 500; here the start names what is missing. */
export function checkPermission(
  permissions: readonly Permission[],
  functionArn: string,
  caller: string,
  logicalId: string,
): void {
  const name = functionArn.replace(/^.*:/, '')
  const granted = permissions.some(
    ({ Action, FunctionName, Principal, SourceArn, ...others }) =>
      Action === 'lambda:InvokeFunction' &&
      (FunctionName === functionArn || FunctionName === name) &&
      Principal === 'apigateway.amazonaws.com' &&
      matches(SourceArn, caller) &&
      // It says more, and what API Gateway tells of that is not known well enough.
      Object.keys(others).length === 0,
  )
  if (!granted) refuse(`${logicalId}: no AWS::Lambda::Permission lets API Gateway invoke ${name} for ${caller}.`)
}
