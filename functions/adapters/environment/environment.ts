import { isIssuerUrl, type Range } from '../../domain/setting-rules.ts'

/** Parses the text of a variable; undefined where it is not valid. */
export type Parser<T> = (text: string) => T | undefined

type Spec = Readonly<Record<string, Parser<unknown>>>

type Env<S extends Spec> = { readonly [Name in keyof S]: Exclude<ReturnType<S[Name]>, undefined> }

export const text: Parser<string> = (value) => value

/** A dash is null, because an empty variable counts as missing. */
export const optional: Parser<string | null> = (value) => (value === '-' ? null : value)

export const issuerUrl: Parser<string> = (value) => (isIssuerUrl(value) ? value : undefined)

/** Words separated by single spaces; an empty list is a dash, because an empty variable counts as missing. */
export const words: Parser<readonly string[]> = (value) => (value === '-' ? [] : value.split(' '))

export const flag: Parser<boolean> = (value) => (value === 'true' ? true : value === 'false' ? false : undefined)

/** One of a few words. */
export const oneOf =
  <const Word extends string>(...allowed: readonly Word[]): Parser<Word> =>
  (value) =>
    allowed.find((word) => word === value)

/** An integer within bounds, in digits: '15m', '9e2' and '-1' are refused. */
export const integer =
  ({ min, max }: Range): Parser<number> =>
  (value) => {
    if (!/^\d{1,12}$/.test(value)) return undefined
    const number = Number(value)
    return number >= min && number <= max ? number : undefined
  }

/**
 * Reads a function's whole environment once, at load.
 * @throws Error naming every variable that is missing, empty or malformed, and no value: a value may be a secret.
 */
export function readEnv<S extends Spec>(spec: S, source: Readonly<Record<string, string | undefined>>): Env<S> {
  const entries = Object.entries(spec).map(([name, parse]) => [name, parse(source[name] ?? '')] as const)
  const bad = entries.filter(([name, value]) => !source[name] || value === undefined).map(([name]) => name)
  if (bad.length > 0) throw new Error(`Environment variables missing or malformed: ${bad.join(', ')}`)
  return Object.freeze(Object.fromEntries(entries)) as Env<S>
}
