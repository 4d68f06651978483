import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { ViewerAddress } from '../../domain/setting-rules.ts'

/** Reads the address that a request's attempts are counted under. */
export type ReadSourceAddress = (event: APIGatewayProxyEventV2) => string

/**
 * The address is IPv4 as it is, of IPv6 the first 64 bits, because one subscriber owns the rest. Without a viewer address
 * only requestContext counts: anyone can send any X-Forwarded-For (REQ-22).
 */
export function createReadSourceAddress(viewer: ViewerAddress | null): ReadSourceAddress {
  return ({ headers, requestContext }) => {
    const viewerAddress = viewer && readViewerAddress(headers ?? {}, viewer)
    const address = viewerAddress ?? requestContext?.http?.sourceIp ?? 'unknown'
    return address.includes(':') ? networkOf(wordsOf(address)) : address
  }
}

type Headers = APIGatewayProxyEventV2['headers']

function readViewerAddress(headers: Headers, { header, secretHeader, secretHash }: ViewerAddress): string | undefined {
  const secret = headers[secretHeader]
  // A missing header proves nothing, even where the configured hash is of an empty secret.
  if (!secret) return undefined
  const [expected, actual] = [Buffer.from(secretHash, 'hex'), createHash('sha256').update(secret).digest()]
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined
  const address = headers[header] ?? ''
  return [address, withoutPort(address)].find((text) => isIP(text) !== 0)
}

// CloudFront writes 192.0.2.1:443 and 2001:db8:0:0:0:0:0:1:443, all eight groups; others write [2001:db8::1]:443.
function withoutPort(text: string): string {
  const [, address = ''] = /^(.*):\d{1,5}$/.exec(text) ?? []
  return address.replace(/^\[(.*)\]$/, '$1')
}

// RFC 4291 section 2.2: eight groups, "::" for the zeros left out, the last two optionally as an IPv4 address.
function wordsOf(address: string): readonly number[] {
  const [head = [], tail] = address.split('::').map(readGroups)
  return tail === undefined ? head : [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill(0), ...tail]
}

const readGroups = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? readIpv4(group) : [parseInt(group, 16)]))

function readIpv4(text: string): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

// "::ffff:192.0.2.1" is an IPv4 address in IPv6 notation (RFC 4291 section 2.5.5.2).
function networkOf(words: readonly number[]): string {
  const [high = 0, low = 0] = words.slice(6)
  const isIpv4 = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  if (isIpv4) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const network = words.slice(0, 4).map((word) => word.toString(16))
  return `${network.join(':')}::/64`
}
