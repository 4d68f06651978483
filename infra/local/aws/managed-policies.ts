import type { PolicyDocument } from './iam.ts'
import managedPolicies from './managed-policies.json' with { type: 'json' }

/** What one of AWS's own policies allows of the services that are served; undefined for one that is not known here. */
export function findManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, name = ''] = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(arn) ?? []
  const Action = Object.entries(managedPolicies).find(([known]) => known === name)?.[1]
  return Action && { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }
}
