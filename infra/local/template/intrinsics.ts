import { refuse } from '../refusal.ts'

/** What `Ref` and `Fn::GetAtt` stand for; undefined where nothing of that name is known. */
export type References = {
  readonly ref: (name: string) => unknown
  readonly attribute: (logicalId: string, name: string) => unknown
  /** A value of the template's section Mappings. */
  readonly mapping?: (map: string, first: string, second: string) => unknown
  /** Whether a condition of the template holds. */
  readonly condition?: (name: string) => boolean | undefined
  /** What stands for a function of templates that is not understood. @default nothing, and it is refused */
  readonly unknown?: (name: string, argument: unknown) => unknown
  /** Last of all: changes a text that is resolved. */
  readonly text?: (text: string) => string
}

/** Replaces the intrinsic functions in one property's value; `place` names that property in a refusal. */
export type Resolve = (value: unknown, place: string) => unknown

type Scope = References & { readonly resolve: (value: unknown) => unknown }

/** Gives undefined where the argument is not understood or names something unknown. */
type Intrinsic = (argument: unknown, scope: Scope) => unknown

/** What `Ref: AWS::NoValue` stands for: the property, member or item that has it is left out. */
export const noValue = Symbol('AWS::NoValue')

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, { ref }) => (name === 'AWS::NoValue' ? noValue : typeof name === 'string' ? ref(name) : undefined),
  Condition: (name, { condition }) => (typeof name === 'string' ? condition?.(name) : undefined),
  'Fn::GetAtt': (argument, { attribute, resolve }) => {
    const path = typeof argument === 'string' ? argument.split(/\.(.*)/s) : texts(resolve(argument))
    const [logicalId, name] = path ?? []
    return logicalId !== undefined && name !== undefined ? attribute(logicalId, name) : undefined
  },
  'Fn::Join': (argument, { resolve }) => {
    const [separator, list] = Array.isArray(argument) ? argument : []
    return typeof separator === 'string' ? texts(resolve(list))?.join(separator) : undefined
  },
  'Fn::Split': (argument, { resolve }) => {
    const [separator, text] = Array.isArray(argument) ? argument.map(resolve) : []
    return typeof separator === 'string' && typeof text === 'string' ? text.split(separator) : undefined
  },
  'Fn::Select': (argument, { resolve }) => {
    const [index, list] = Array.isArray(argument) ? argument : []
    return texts(resolve(list))?.[Number(index)]
  },
  'Fn::Sub': (argument, { resolve, ref, attribute }) => {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}]
    const values = new Map(Object.entries(Object(resolve(given))))
    return typeof template === 'string'
      ? substitute(template, (name) => values.get(name) ?? ref(name), attribute)
      : undefined
  },
  'Fn::FindInMap': (argument, { resolve, mapping }) => {
    const [map, first, second] = texts(resolve(argument)) ?? []
    return map !== undefined && first !== undefined && second !== undefined ? mapping?.(map, first, second) : undefined
  },
  'Fn::If': (argument, { resolve, condition }) => {
    const [name, yes, no] = Array.isArray(argument) ? argument : []
    const holds = typeof name === 'string' ? condition?.(name) : undefined
    return holds === undefined ? undefined : resolve(holds ? yes : no)
  },
  'Fn::Equals': (argument, { resolve }) => {
    const [one, other] = Array.isArray(argument) ? argument.map(resolve) : []
    return one === undefined ? undefined : one === other
  },
  'Fn::Not': (argument, scope) => truths(argument, scope)?.every((value) => !value),
  'Fn::And': (argument, scope) => truths(argument, scope)?.every(Boolean),
  'Fn::Or': (argument, scope) => truths(argument, scope)?.some(Boolean),
}

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined

function truths(argument: unknown, { resolve }: Scope): readonly boolean[] | undefined {
  const values = Array.isArray(argument) ? argument.map(resolve) : []
  return values.length > 0 && values.every((value) => typeof value === 'boolean') ? values : undefined
}

function substitute(template: string, ref: References['ref'], attribute: References['attribute']): string | undefined {
  const parts = template.split(/\$\{([^}]+)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    if (part.startsWith('!')) return `\${${part.slice(1)}}`
    const [logicalId = '', ...path] = part.split('.')
    return path.length === 0 ? ref(part) : attribute(logicalId, path.join('.'))
  })
  return parts.includes(undefined) ? undefined : parts.join('')
}

export function createResolver(references: References): Resolve {
  const change = references.text ?? ((text) => text)
  const resolve: Resolve = (value, place) => {
    const inner = (item: unknown) => resolve(item, place)
    if (typeof value === 'string') return change(value)
    if (Array.isArray(value)) return value.map(inner).filter((item) => item !== noValue)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value)
    const name = members.length === 1 && members[0]?.[0] === 'Condition' ? conditionIn(value) : intrinsicIn(value)
    if (name === undefined) {
      const resolved = members.map(([key, member]) => [key, inner(member)] as const)
      return Object.fromEntries(resolved.filter(([, member]) => member !== noValue))
    }
    const apply = intrinsics[name]
    const argument: unknown = members[0]?.[1]
    const other = apply ? undefined : references.unknown?.(name, argument)
    if (other !== undefined) return other
    if (!apply || members.length > 1) return refuse(`${place}: ${name} is not understood here.`)
    const resolved = apply(argument, { ...references, resolve: inner })
    if (resolved === undefined) return refuse(`${place}: ${name} ${JSON.stringify(argument)} is not known here.`)
    return typeof resolved === 'string' ? change(resolved) : resolved
  }
  return resolve
}

const intrinsicIn = (value: object) => Object.keys(value).find((key) => /^(Ref$|Fn::)/.test(key))

// A statement of a policy may be nothing but a Condition too, of another form.
const conditionIn = (value: object) => (typeof Object(value).Condition === 'string' ? 'Condition' : undefined)
