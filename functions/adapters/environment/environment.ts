/** Parses the text of a variable; undefined where it is not valid. */
export type Parser<T> = (text: string) => T | undefined

type Spec = Readonly<Record<string, Parser<unknown>>>

type Env<S extends Spec> = { readonly [Name in keyof S]: Exclude<ReturnType<S[Name]>, undefined> }

export const text: Parser<string> = (value) => value

/** An absolute https URL without query, fragment or trailing slash; http only for a loopback host (RFC 8414 section 2). */
export const issuerUrl: Parser<string> = (value) => {
  const url = URL.parse(value)
  if (!url || url.username || url.password || /[?#\s]|\/$/.test(value)) return undefined
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? value : undefined
}

/** Words separated by single spaces; an empty list is a dash, because an empty variable counts as missing. */
export const words: Parser<readonly string[]> = (value) => (value === '-' ? [] : value.split(' '))

export const flag: Parser<boolean> = (value) => (value === 'true' ? true : value === 'false' ? false : undefined)

/** An integer within bounds, in digits: '15m', '9e2' and '-1' are refused. */
export const integer =
  (min: number, max: number): Parser<number> =>
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
