import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createReadSourceAddress } from '../../../functions/http/api/source-address.ts'
import { httpEvent } from '../../support/builders/events.ts'

const readAddress = createReadSourceAddress(null)

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
    expect(readAddress(eventFrom(sourceIp))).toBe(counted)
  })

  test('is one for all that one subscriber may call his own, and another for the neighbour', () => {
    const addressOf = (sourceIp: string) => readAddress(eventFrom(sourceIp))

    expect(addressOf('2001:db8:1:2::1')).toBe(addressOf('2001:db8:1:2:ffff:ffff:ffff:ffff'))
    expect(addressOf('2001:db8:1:2::1')).not.toBe(addressOf('2001:db8:1:3::1'))
  })

  // REQ-22, REQ-136
  test.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip'])(
    'is not chosen by %s',
    (header) => {
      expect(readAddress(eventFrom('203.0.113.7', { [header]: '198.51.100.1' }))).toBe('203.0.113.7')
    },
  )

  test('is one and the same for events without an address, so that none goes uncounted', () => {
    const { requestContext: _, ...event } = httpEvent('POST /login')

    for (const strange of [event, { ...event, requestContext: {} }]) {
      expect(readAddress(strange as ReturnType<typeof httpEvent>)).toBe('unknown')
    }
  })
})

// REQ-197
describe('behind a proxy of the owner', () => {
  const secret = 'a secret that only the proxy sends'
  const viewer = {
    header: 'cloudfront-viewer-address',
    secretHeader: 'x-origin-secret',
    secretHash: createHash('sha256').update(secret).digest('hex'),
  }
  const readBehind = createReadSourceAddress(viewer)
  const from = (address: string | undefined, proof: string | undefined = secret) =>
    readBehind(
      eventFrom('203.0.113.7', {
        ...(address !== undefined && { 'cloudfront-viewer-address': address }),
        ...(proof !== '' && { 'x-origin-secret': proof }),
      }),
    )

  test.each([
    ['198.51.100.1:46532', '198.51.100.1'],
    ['198.51.100.1', '198.51.100.1'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334:443', '2001:db8:85a3:0::/64'],
    ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
  ])('the address is that of its header: %s', (header, address) => {
    expect(from(header)).toBe(address)
  })

  test.each(['', 'a secret that only the proxy sends ', 'x', viewer.secretHash])(
    'the header counts for nothing with the secret %j',
    (proof) => {
      expect(from('198.51.100.1:46532', proof)).toBe('203.0.113.7')
    },
  )

  test('a missing or empty secret proves nothing, even where the hash is that of an empty one', () => {
    const secretHash = createHash('sha256').update('').digest('hex')
    const readCareless = createReadSourceAddress({ ...viewer, secretHash })
    const address = { 'cloudfront-viewer-address': '198.51.100.1:46532' }

    expect(readCareless(eventFrom('203.0.113.7', address))).toBe('203.0.113.7')
    expect(readCareless(eventFrom('203.0.113.7', { ...address, 'x-origin-secret': '' }))).toBe('203.0.113.7')
  })

  test.each([undefined, '', 'localhost:1', '1.2.3:4', '198.51.100.1, 192.0.2.1:3', ':443'])(
    'a malformed address (%j) is ignored in favour of the one that API Gateway sees',
    (header) => {
      expect(from(header)).toBe('203.0.113.7')
    },
  )
})
