import { describe, expect, test } from '@jest/globals'
import { readSourceAddress } from '../../../functions/http/api/source-address.ts'
import { httpEvent } from '../../support/builders/events.ts'

function eventFrom(sourceIp: string, headers: Record<string, string> = {}) {
  const event = httpEvent('POST /login', { headers })
  return { ...event, requestContext: { ...event.requestContext, http: { ...event.requestContext.http, sourceIp } } }
}

describe('the address that is counted', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::ffff', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
    ['2001:db8:1::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8::ffff:203.0.113.7', '2001:db8:0:0::/64'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ])('of %s is %s', (sourceIp, counted) => {
    expect(readSourceAddress(eventFrom(sourceIp))).toBe(counted)
  })

  test('is one for all that one subscriber may call his own, and another for the neighbour', () => {
    const addressOf = (sourceIp: string) => readSourceAddress(eventFrom(sourceIp))

    expect(addressOf('2001:db8:1:2::1')).toBe(addressOf('2001:db8:1:2:ffff:ffff:ffff:ffff'))
    expect(addressOf('2001:db8:1:2::1')).not.toBe(addressOf('2001:db8:1:3::1'))
  })

  // REQ-22, REQ-136
  test.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip'])(
    'is not chosen by %s',
    (header) => {
      expect(readSourceAddress(eventFrom('203.0.113.7', { [header]: '198.51.100.1' }))).toBe('203.0.113.7')
    },
  )

  test('is one for all where there is none, so that none is free', () => {
    const { requestContext: _, ...event } = httpEvent('POST /login')

    for (const strange of [event, { ...event, requestContext: {} }]) {
      expect(readSourceAddress(strange as ReturnType<typeof httpEvent>)).toBe('unknown')
    }
  })
})
