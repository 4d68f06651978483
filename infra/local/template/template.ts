import * as v from 'valibot'
import { refuse } from '../refusal.ts'
import { noValue, type References, type Resolve } from './intrinsics.ts'
import {
  isTypeName,
  isWithoutEffect,
  type Properties,
  type ResourceType,
  resourceTypes,
  type TypeName,
} from './resource-types.ts'

export type Resource = {
  readonly Type: string
  readonly Condition?: string
  readonly Properties?: Readonly<Record<string, unknown>>
}
type Section<T = unknown> = Readonly<Record<string, T>>
export type Template = {
  readonly Resources: Section<Resource>
  readonly Parameters?: Section<{ readonly Type: string; readonly Default?: unknown }>
  readonly Conditions?: Section
  readonly Mappings?: Section<Section<Section>>
  readonly Outputs?: Section<{ readonly Value?: unknown }>
}

export type Read = <T extends TypeName>(type: T, logicalId: string) => Properties<T>

/** A resource that is not there on localhost, and why. */
export type LeftOut = { readonly logicalId: string; readonly type: string; readonly why: string }

export type LeaveOut = ((resource: LeftOut) => void) | undefined

/** Tells that a resource is not served, or stops the start where all must be. */
export function leaveOutOrRefuse(resource: LeftOut, leaveOut: LeaveOut): void {
  const { logicalId, type, why } = resource
  if (!leaveOut) refuse(`${logicalId} (${type}): ${why}.`)
  leaveOut?.(resource)
}

// CDK puts a parameter and a rule about its own bootstrap into every template; rules are only for the deployment.
const knownSections = [
  ...['AWSTemplateFormatVersion', 'Resources', 'Parameters', 'Conditions', 'Mappings', 'Rules', 'Outputs'],
  ...['Description', 'Metadata'],
]
const knownMembers = [
  ...['Type', 'Condition', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'],
  ...['CreationPolicy', 'UpdatePolicy'],
]

/** Refuses a template with anything that is not understood here, except types of resources and values of properties. */
export function checkTemplate(template: Template): void {
  const section = Object.keys(template).find((name) => !knownSections.includes(name))
  if (section) refuse(`The template's section ${section} is not understood here.`)
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const member = Object.keys(resource).find((key) => !knownMembers.includes(key))
    if (member) refuse(`${logicalId} (${resource.Type}): ${member} is not understood here.`)
  }
}

/** The template without the resources whose condition does not hold. @throws Error for one that is not understood. */
export function applyConditions(template: Template, { condition }: References): Template {
  const isThere = ([logicalId, { Type, Condition }]: [string, Resource]) =>
    Condition === undefined ||
    (condition?.(Condition) ?? refuse(`${logicalId} (${Type}): its condition ${Condition} is not known here.`))
  return { ...template, Resources: Object.fromEntries(Object.entries(template.Resources).filter(isThere)) }
}

/** The resources of types that are not known here. What belongs to a REST API is told by the API. */
export function findUnknown({ Resources }: Template): readonly LeftOut[] {
  return Object.entries(Resources).flatMap(([logicalId, resource]) => {
    const { Type: type } = resource
    if (isTypeName(typeOf(resource)) || isWithoutEffect(type) || /^AWS::ApiGateway::(?!RestApi$)/.test(type)) return []
    const why =
      type === 'AWS::ApiGateway::RestApi'
        ? 'REST APIs are not served'
        : 'resources of this type are not understood here'
    return [{ logicalId, type, why }]
  })
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

/**
 * Reads a resource's properties, resolved; whatever is not understood is refused by its name. `guess` resolves those that
 * may name what is not served.
 */
export function createReader(template: Template, resolve: Resolve, guess: Resolve = resolve): Read {
  return <T extends TypeName>(type: T, logicalId: string) => {
    const { understood, withoutEffect = [], guessed = [] }: ResourceType = resourceTypes[type]
    const name = `${logicalId} (${template.Resources[logicalId]?.Type})`
    const properties = Object.entries(template.Resources[logicalId]?.Properties ?? {})
      .filter(([property]) => !withoutEffect.includes(property))
      .map(([property, value]) => {
        const read = guessed.includes(property) ? guess : resolve
        return [property, read(value, `${name}, ${property}`)]
      })
      .filter(([, value]) => value !== noValue)
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
