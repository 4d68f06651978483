import { refuse } from '../refusal.ts'

/** What `Ref` and `Fn::GetAtt` stand for; undefined where nothing of that name is known. */
export type References = {
  readonly ref: (name: string) => unknown
  readonly attribute: (logicalId: string, name: string) => unknown
}

/** Replaces the intrinsic functions in one property's value; `place` names that property in a refusal. */
export type Resolve = (value: unknown, place: string) => unknown

type Scope = References & { readonly resolve: (value: unknown) => unknown }

/** Gives undefined where the argument is not understood or names something unknown. */
type Intrinsic = (argument: unknown, scope: Scope) => unknown

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, { ref }) => (typeof name === 'string' ? ref(name) : undefined),
  'Fn::GetAtt': (argument, { attribute, resolve }) => {
    const [logicalId, name] = texts(resolve(argument)) ?? []
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
  'Fn::Sub': (template, scope) => (typeof template === 'string' ? substitute(template, scope) : undefined),
}

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined

function substitute(template: string, { ref, attribute }: Scope): string | undefined {
  const parts = template.split(/\$\{([^}]+)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    if (part.startsWith('!')) return `\${${part.slice(1)}}`
    const [logicalId = '', ...path] = part.split('.')
    return path.length === 0 ? ref(part) : attribute(logicalId, path.join('.'))
  })
  return parts.includes(undefined) ? undefined : parts.join('')
}

export function createResolver(references: References): Resolve {
  const resolve: Resolve = (value, place) => {
    if (Array.isArray(value)) return value.map((item) => resolve(item, place))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value)
    const name = Object.keys(value).find((key) => /^(Ref$|Fn::)/.test(key))
    if (name === undefined) return Object.fromEntries(members.map(([key, member]) => [key, resolve(member, place)]))
    const apply = intrinsics[name]
    if (!apply || members.length > 1) return refuse(`${place}: ${name} is not understood here.`)
    const argument: unknown = members[0]?.[1]
    const resolved = apply(argument, { ...references, resolve: (inner) => resolve(inner, place) })
    return resolved ?? refuse(`${place}: ${name} ${JSON.stringify(argument)} is not known here.`)
  }
  return resolve
}
