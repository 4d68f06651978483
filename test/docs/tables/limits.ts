import { canonicalIdentifier } from '../../../functions/domain/accounts/identifier.ts'
import { readPassword } from '../../../functions/domain/passwords/password.ts'
import { pausesFrom } from '../../../functions/domain/throttling/throttle.ts'
import { isCompactJws } from '../../../functions/domain/tokens/jws.ts'
import { readJsonBody } from '../../../functions/http/api/body.ts'
import { readSettings } from '../../../infra/construct/settings/settings.ts'
import { httpEvent } from '../../support/builders/events.ts'
import { table } from './blocks.ts'

const json = { 'content-type': 'application/json' }
const body = (bytes: number) => httpEvent('POST /login', { headers: json, body: `{}${' '.repeat(bytes - 2)}` })

/** How long things may be, found by trying, and how long a log-in is locked. */
export function writeLimits(): string {
  const { accountFailures } = readSettings({})
  const { first, growth, max, rest } = pausesFrom(accountFailures)
  const pauseAfter = (failures: number) => `${first + (failures - 1) * growth} seconds`
  // A base64url part of 4n + 1 characters stands for no bytes at all, so the largest token is sought in steps of 4.
  const token = 4 * largest((fours) => isCompactJws(`AA.AAAA.${'A'.repeat(4 * fours)}`)) + 8
  const rows = [
    ['a body', `${largest((bytes) => bytes < 2 || readJsonBody(body(bytes)).ok)} bytes`],
    [
      '`username`',
      `${largest((bytes) => canonicalIdentifier('a'.repeat(bytes)) !== undefined)} bytes in canonical form`,
    ],
    ['`password`', `${largest((length) => readPassword('a'.repeat(length)) !== undefined)} characters in NFC`],
    ['an access token', `${token} characters`],
    [`lock after ${accountFailures} wrong passwords in a row`, pauseAfter(accountFailures)],
    ['each further wrong password', `${growth} seconds longer`],
    [`lock after ${max - 1}`, pauseAfter(max - 1)],
    [`lock after ${max}, then the count starts again`, `${rest} seconds`],
  ]
  return table(['what', 'limit by default'], rows)
}

/** The largest number that is accepted, where every smaller one is too. */
function largest(accepts: (number: number) => boolean): number {
  const between = (low: number, high: number): number => {
    if (high - low === 1) return low
    const middle = Math.floor((low + high) / 2)
    return accepts(middle) ? between(middle, high) : between(low, middle)
  }
  return between(1, 1_000_000)
}
