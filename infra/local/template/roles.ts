import type { PolicyDocument } from '../aws/iam.ts'
import { findManagedPolicy } from '../aws/managed-policies.ts'
import type { LocalIdentity } from '../aws/ses.ts'
import { refuse } from '../refusal.ts'
import type { References } from './intrinsics.ts'
import { idsOf, type LeaveOut, leaveOutOrRefuse, type Read, type Template } from './template.ts'

/** Finds all policies of a role by its ARN: those written into it, those attached to it, and AWS's own. */
export function createRoles(template: Template, read: Read, { ref, attribute }: References, leaveOut: LeaveOut) {
  const policies = idsOf(template, 'AWS::IAM::Policy').map((id) => read('AWS::IAM::Policy', id))
  const managed = idsOf(template, 'AWS::IAM::ManagedPolicy').map((id) => ({
    ...read('AWS::IAM::ManagedPolicy', id),
    arn: ref(id),
  }))
  const roles = new Map(idsOf(template, 'AWS::IAM::Role').map((id) => [attribute(id, 'Arn'), id]))

  return (roleArn: unknown): readonly PolicyDocument[] | undefined => {
    const logicalId = roles.get(roleArn)
    if (logicalId === undefined) return undefined
    const { Policies, ManagedPolicyArns, PermissionsBoundary } = read('AWS::IAM::Role', logicalId)
    if (PermissionsBoundary !== undefined)
      leaveOutOrRefuse(
        { logicalId, type: 'AWS::IAM::Role', why: 'its permissions boundary is not enforced here' },
        leaveOut,
      )
    const isAttached = ({ Roles }: { readonly Roles: readonly string[] }) => Roles.includes(String(ref(logicalId)))
    const attached = [...Policies, ...policies.filter(isAttached), ...managed.filter(isAttached)]
    const named = ManagedPolicyArns.map(
      (arn) =>
        managed.find((policy) => policy.arn === arn)?.PolicyDocument ??
        findManagedPolicy(arn) ??
        unknown(logicalId, arn),
    )
    return [...attached.map(({ PolicyDocument }) => PolicyDocument), ...named]
  }
}

const unknown = (logicalId: string, arn: string): never =>
  refuse(`${logicalId} (AWS::IAM::Role), ManagedPolicyArns: the policy ${arn} is not known here.`)

/** The SES identities that policies name in full. */
export function identitiesIn(policies: readonly PolicyDocument[]): readonly LocalIdentity[] {
  const found = resourcesIn(policies, /./).map((arn) => ({
    arn,
    name: /^arn:aws[\w-]*:ses:[\w-]+:\d+:identity\/([^*?]+)$/.exec(arn)?.[1],
  }))
  return found.flatMap(({ arn, name }) => (name === undefined ? [] : [{ name, arn }]))
}

/** What policies name as a resource of actions that match, each once. */
export function resourcesIn(policies: readonly PolicyDocument[], action: RegExp): readonly string[] {
  const statements = policies.flatMap(({ Statement }) => [Statement].flat()).map(Object)
  const resources = statements
    .filter(({ Action }) => [Action].flat().some((name) => action.test(String(name))))
    .flatMap(({ Resource }) => Resource as unknown)
  return [...new Set(resources.filter((resource) => typeof resource === 'string'))]
}
