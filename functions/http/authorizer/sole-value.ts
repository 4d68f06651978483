import { membersOf } from './members.ts'

/**
 * The value of a header or query parameter that was sent once, in any case of its name; undefined if it is absent, repeated
 * or not a string. REST and WebSocket APIs give the last of repeated ones in `headers`, and all in `multiValueHeaders`.
 */
export function soleValue(name: string, values: unknown, multiValues?: unknown): string | undefined {
  const [value, ...more] = valuesOf(name, values)
  const repeated = more.length > 0 || valuesOf(name, multiValues).flat().length > 1
  return typeof value === 'string' && !repeated ? value : undefined
}

const valuesOf = (name: string, values: unknown): readonly unknown[] =>
  Object.entries(membersOf(values))
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value)
