import * as v from 'valibot'
import { refuse } from '../refusal.ts'
import type { Resolve } from './intrinsics.ts'
import { isTypeName, type Properties, resourceTypes, type TypeName, typesWithoutEffect } from './resource-types.ts'

export type Resource = {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}
export type Template = { readonly Resources: Readonly<Record<string, Resource>> }

export type Read = <T extends TypeName>(type: T, logicalId: string) => Properties<T>

// CDK puts a parameter and a rule about its own bootstrap into every template; both are only for the deployment.
const knownSections = ['Resources', 'Parameters', 'Rules', 'Outputs', 'Description', 'Metadata']
const knownMembers = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata']

/** Refuses a template with anything that is not understood here, except values of properties. */
export function checkTemplate(template: Template): void {
  const section = Object.keys(template).find((name) => !knownSections.includes(name))
  if (section) refuse(`The template's section ${section} is not understood here.`)
  for (const [logicalId, resource] of Object.entries(template.Resources)) checkResource(logicalId, resource)
}

function checkResource(logicalId: string, resource: Resource): void {
  const name = `${logicalId} (${resource.Type})`
  const member = Object.keys(resource).find((key) => !knownMembers.includes(key))
  if (member) refuse(`${name}: ${member} is not understood here.`)
  if (!isTypeName(typeOf(resource)) && !typesWithoutEffect.has(resource.Type)) {
    refuse(`${name}: resources of this type are not understood here.`)
  }
}

/** A resource's type, one word for all the custom ones. */
export function typeOf({ Type }: Resource): string {
  return Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource' ? 'Custom' : Type
}

export function idsOf(template: Template, type: TypeName): readonly string[] {
  return Object.keys(template.Resources).filter((logicalId) => {
    const resource = template.Resources[logicalId]
    return resource && typeOf(resource) === type
  })
}

/** Reads a resource's properties, resolved; whatever is not understood is refused by its name. */
export function createReader(template: Template, resolve: Resolve): Read {
  return <T extends TypeName>(type: T, logicalId: string) => {
    const { understood, withoutEffect = [] }: (typeof resourceTypes)[TypeName] & { withoutEffect?: readonly string[] } =
      resourceTypes[type]
    const name = `${logicalId} (${template.Resources[logicalId]?.Type})`
    const properties = Object.entries(template.Resources[logicalId]?.Properties ?? {})
      .filter(([property]) => !withoutEffect.includes(property))
      .map(([property, value]) => [property, resolve(value, `${name}, ${property}`)])
    const result = v.safeParse(understood, Object.fromEntries(properties))
    if (!result.success) return refuse(`${name}, ${explain(result.issues[0])}`)
    return result.output as Properties<T>
  }
}

function explain(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue)
  if (issue.expected === 'never') return `${place}: this property is not understood here.`
  return `${place}: ${issue.expected} is understood here, not ${issue.received}.`
}
