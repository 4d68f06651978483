import { refuse } from '../refusal.ts'
import { account, region } from '../template/physical-ids.ts'
import type { Properties } from '../template/resource-types.ts'

export type Permission = Properties<'AWS::Lambda::Permission'>

/** What API Gateway calls a function for: a route (`POST /login`, `$default`) or an authorizer (`authorizers/ID`). */
export function callerArn(apiId: string, source: string): string {
  const path = source.startsWith('authorizers/') ? source : `$default/${source.replace(' ', '')}`
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
    ({ FunctionName, Principal, SourceArn }) =>
      (FunctionName === functionArn || FunctionName === name) &&
      Principal === 'apigateway.amazonaws.com' &&
      wildcard(SourceArn).test(caller),
  )
  if (!granted) refuse(`${logicalId}: no AWS::Lambda::Permission lets API Gateway invoke ${name} for ${caller}.`)
}

const wildcard = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
