import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { refuse } from '../../local/refusal.ts'
import type { Values } from '../../local/template/parts.ts'
import { putFile } from '../server/server-file.ts'

// A secret may be written as the JSON that it holds.
const value = v.nullable(
  v.union([
    v.string(),
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.transform((found) => JSON.stringify(found)),
    ),
  ]),
)
const valuesFile = v.strictObject({
  stackParameters: v.optional(v.record(v.string(), value), {}),
  parameters: v.optional(v.record(v.string(), value), {}),
  secrets: v.optional(v.record(v.string(), value), {}),
})

type Kind = 'stackParameters' | 'parameters' | 'secrets'

export type ValuesFile = Values & {
  readonly file: string
  /** The names that were asked for and have no value, which the file has from now on, with null. */
  readonly tellMissing: () => readonly string[]
}

/** Reads `values.json` of a data folder. @throws Error for one of another form. */
export function openValues(data: string): ValuesFile {
  const file = join(data, 'values.json')
  const { values, written } = readFile(file)
  const before = JSON.stringify(written)
  const missing = new Set<string>()
  return {
    file,
    find(kind, name) {
      const found = Object.hasOwn(values[kind], name) ? values[kind][name] : undefined
      if (found !== undefined && found !== null) return found
      missing.add(`${kind} ${name}`)
      written[kind] = { [name]: null, ...written[kind] }
      return undefined
    },
    all: (kind) =>
      Object.entries(values[kind]).flatMap(([name, found]) => (found === null ? [] : [[name, found] as const])),
    tellMissing() {
      if (JSON.stringify(written) !== before) {
        mkdirSync(data, { recursive: true, mode: 0o700 })
        putFile(file, written, 2)
      }
      return [...missing].sort()
    },
  }
}

type Written = Partial<Record<Kind, Record<string, unknown>>>

function readFile(file: string): { readonly values: v.InferOutput<typeof valuesFile>; readonly written: Written } {
  if (!existsSync(file)) return { values: { stackParameters: {}, parameters: {}, secrets: {} }, written: {} }
  try {
    const written = JSON.parse(readFileSync(file, 'utf8'))
    if (Array.isArray(written)) throw new Error('it is a list')
    return { values: v.parse(valuesFile, written), written }
  } catch (error) {
    return refuse(
      `${file} cannot be read (${Object(error).message}): it holds {"parameters":{"NAME":"VALUE"},"secrets":{…}}.`,
    )
  }
}
