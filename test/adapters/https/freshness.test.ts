import { describe, expect, it } from '@jest/globals'
import { freshnessOf } from '../../../functions/adapters/https/freshness.ts'

const now = Date.parse('Wed, 11 Nov 2026 12:00:00 GMT')

describe('how long a document is kept', () => {
  // REQ-193
  it.each([
    [{}, 300],
    [{ 'cache-control': 'max-age=3600' }, 3600],
    [{ 'cache-control': 'public, MAX-AGE="3600", immutable' }, 3600],
    [{ 'cache-control': 'max-age=3600', age: '600' }, 3000],
    [{ 'cache-control': 'max-age=3600', expires: 'Wed, 11 Nov 2026 20:00:00 GMT' }, 3600],
    [{ 'cache-control': 'max-age=1' }, 300],
    [{ 'cache-control': 'max-age=9999999' }, 86_400],
    [{ 'cache-control': 'max-age=3600, no-store' }, 300],
    [{ 'cache-control': 'no-cache' }, 300],
    [{ 'cache-control': 'max-age=-5' }, 300],
    [{ 'cache-control': 'max-age=99999999999999999999' }, 300],
    [{ 'cache-control': 's-maxage=5000' }, 300],
    [{ expires: 'Wed, 11 Nov 2026 13:00:00 GMT' }, 3600],
    [{ expires: 'Wed, 11 Nov 2026 13:00:00 GMT', date: 'Wed, 11 Nov 2026 12:30:00 GMT' }, 1800],
    [{ expires: '0' }, 300],
    [{ expires: 'soon' }, 300],
  ])('is by %j %d seconds, between five minutes and a day', (headers, seconds) => {
    expect(freshnessOf(headers, now)).toBe(seconds)
  })
})
