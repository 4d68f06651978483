import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * The address that a request's attempts are counted under: IPv4 as it is, of IPv6 the first 64 bits, because one
 * subscriber owns the rest. Only requestContext counts: anyone can send any X-Forwarded-For (REQ-22).
 */
export function readSourceAddress({ requestContext }: APIGatewayProxyEventV2): string {
  const address = requestContext?.http?.sourceIp ?? 'unknown'
  return address.includes(':') ? networkOf(wordsOf(address)) : address
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
