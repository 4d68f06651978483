import type { IncomingHttpHeaders } from 'node:http'

/** In seconds. */
const atLeast = 300
const atMost = 86_400

/**
 * For how many seconds a response may be used (RFC 9111 section 4.2), within bounds of ours: five minutes, because nobody may
 * make us ask for each sign-in, and a day, because a client must be able to change. `now` in milliseconds.
 */
export function freshnessOf(headers: IncomingHttpHeaders, now: number): number {
  const seconds = lifetimeOf(headers, now) - ageOf(headers)
  return Math.min(Math.max(Math.floor(seconds), atLeast), atMost)
}

function lifetimeOf({ 'cache-control': control = '', expires = '', date = '' }: IncomingHttpHeaders, now: number) {
  const directives = control
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
  if (directives.some((directive) => /^no-(?:store|cache)(?:=|$)/.test(directive))) return 0
  const [maxAge] = directives.flatMap((directive) => /^max-age="?(\d{1,10})"?$/.exec(directive)?.[1] ?? [])
  if (maxAge !== undefined) return Number(maxAge)
  const until = Date.parse(expires)
  const from = Date.parse(date)
  return Number.isNaN(until) ? 0 : (until - (Number.isNaN(from) ? now : from)) / 1000
}

const ageOf = ({ age = '' }: IncomingHttpHeaders): number => (/^\d{1,10}$/.test(age) ? Number(age) : 0)
