import type { PolicyDocument } from '../aws/iam.ts'
import type { LocalIdentity } from '../aws/ses.ts'
import type { References } from './intrinsics.ts'
import { idsOf, type Read, type Template } from './template.ts'

/** The policies of every role by its ARN: those written into the role and those attached to it. */
export function readRoles(
  template: Template,
  read: Read,
  { ref, attribute }: References,
): ReadonlyMap<unknown, readonly PolicyDocument[]> {
  const attached = idsOf(template, 'AWS::IAM::Policy').map((id) => read('AWS::IAM::Policy', id))
  return new Map(
    idsOf(template, 'AWS::IAM::Role').map((id) => {
      const own = read('AWS::IAM::Role', id).Policies
      const others = attached.filter(({ Roles }) => Roles.includes(String(ref(id))))
      return [attribute(id, 'Arn'), [...own, ...others].map(({ PolicyDocument }) => PolicyDocument)]
    }),
  )
}

/** The SES identities that policies name in full. */
export function identitiesIn(policies: readonly PolicyDocument[]): readonly LocalIdentity[] {
  const resources = policies
    .flatMap(({ Statement }) => Statement)
    .flatMap((statement) => Object(statement).Resource as unknown)
  const arns = new Set(resources.filter((resource) => typeof resource === 'string'))
  return [...arns].flatMap((arn) => {
    const [, name] = /^arn:aws[\w-]*:ses:[\w-]+:\d+:identity\/([^*?]+)$/.exec(arn) ?? []
    return name ? [{ name, arn }] : []
  })
}
