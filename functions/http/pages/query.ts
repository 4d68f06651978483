import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { RequestParameters } from '../../domain/oauth/authorization-request.ts'
import { isOfType, readBody } from '../api/body.ts'

const maxLength = 16_384

/**
 * The parameters of a query, or of a form. Undefined for one that is too long, or not UTF-8 in percent encoding. Not from the
 * event's own list, where repeated parameters have been joined by commas.
 */
export function readRequestParameters(query: string): RequestParameters | undefined {
  if (query.length > maxLength) return undefined
  const values = new Map<string, string>()
  const repeated = new Set<string>()
  try {
    for (const [name, value] of query
      .split('&')
      .filter((pair) => pair !== '')
      .map(readPair)) {
      if (value === '') continue
      if (values.has(name)) repeated.add(name)
      values.set(name, value)
    }
    return { values, repeated }
  } catch {
    return undefined
  }
}

function readPair(pair: string): readonly [name: string, value: string] {
  const end = pair.includes('=') ? pair.indexOf('=') : pair.length
  const [name = '', value = ''] = [pair.slice(0, end), pair.slice(end + 1)].map((part) =>
    decodeURIComponent(part.replaceAll('+', ' ')),
  )
  return [name, value]
}

/** The query as it was sent. A REST API sends it taken apart. */
export function rawQueryOf(event: APIGatewayProxyEventV2): string {
  const { rawQueryString = '' } = event
  return rawQueryString
}

/** The text of a form; undefined for a body of another type, or one that is too long. */
export function rawFormOf(event: APIGatewayProxyEventV2): string | undefined {
  if (!isOfType(event, 'application/x-www-form-urlencoded')) return undefined
  const text = readBody(event, (form) => form)
  return text.ok && text.value.isWellFormed() ? text.value : undefined
}

/** The fields of a form of ours; none where one is sent twice, because no page of ours does that. */
export function readFields(event: APIGatewayProxyEventV2): ReadonlyMap<string, string> {
  const read = readRequestParameters(rawFormOf(event) ?? '')
  return read?.repeated.size === 0 ? read.values : new Map()
}
