import { refuse } from './refusal.ts'

/** What `Ref` and `Fn::GetAtt` stand for; undefined where nothing of that name is known. */
export type References = {
  readonly ref: (name: string) => unknown
  readonly attribute: (logicalId: string, name: string) => unknown
}

/** Replaces the intrinsic functions in one property's value; `place` names that property in a refusal. */
export type Resolve = (value: unknown, place: string) => unknown

export function createResolver({ ref, attribute }: References): Resolve {
  const resolve: Resolve = (value, place) => {
    if (Array.isArray(value)) return value.map((item) => resolve(item, place))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value)
    const name = Object.keys(value).find((key) => /^(Ref$|Fn::)/.test(key))
    if (name === undefined) return Object.fromEntries(members.map(([key, member]) => [key, resolve(member, place)]))
    const apply = intrinsics[name]
    if (!apply || members.length > 1) return refuse(`${place}: ${name} is not understood here.`)
    const argument: unknown = members[0]?.[1]
    return apply(argument, place) ?? refuse(`${place}: ${name} ${JSON.stringify(argument)} is not known here.`)
  }

  const texts = (list: unknown, place: string): readonly string[] | undefined => {
    const items = resolve(list, place)
    return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : undefined
  }

  const variable = (name: string): unknown => {
    const [logicalId = '', ...path] = name.split('.')
    return path.length === 0 ? ref(name) : attribute(logicalId, path.join('.'))
  }

  const intrinsics: Readonly<Record<string, (argument: unknown, place: string) => unknown>> = {
    Ref: (name) => (typeof name === 'string' ? ref(name) : undefined),
    'Fn::GetAtt': (argument, place) => {
      const [logicalId, name] = texts(argument, place) ?? []
      return logicalId !== undefined && name !== undefined ? attribute(logicalId, name) : undefined
    },
    'Fn::Join': (argument, place) => {
      const [separator, list] = Array.isArray(argument) ? argument : []
      return typeof separator === 'string' ? texts(list, place)?.join(separator) : undefined
    },
    'Fn::Sub': (argument, place) => {
      if (typeof argument !== 'string') return undefined
      return argument.replace(/\$\{(!?)([^}]+)\}/g, (_, literal, name) => {
        if (literal) return `\${${name}}`
        return String(variable(name) ?? refuse(`${place}: \${${name}} is not known here.`))
      })
    },
    'Fn::Select': (argument, place) => {
      const [index, list] = Array.isArray(argument) ? argument : []
      return texts(list, place)?.[Number(index)]
    },
    'Fn::Split': (argument, place) => {
      const [separator, whole] = Array.isArray(argument) ? argument : []
      const text = resolve(whole, place)
      return typeof separator === 'string' && typeof text === 'string' ? text.split(separator) : undefined
    },
  }
  return resolve
}
