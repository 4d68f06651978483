import * as v from 'valibot'
import type { Invocation } from '../lambda/lambda.ts'
import { notStarted, unreadableAnswer } from '../lambda/lambda-sandbox.ts'
import { type Answer, internalServerError, json, message } from './gateway-answer.ts'

const status = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))]),
  v.integer(),
  v.minValue(200),
  v.maxValue(599),
)
const headerValue = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String))

// Members that are not named here change nothing, as on AWS.
const structured = v.object({
  statusCode: status,
  headers: v.nullish(v.record(v.string(), headerValue)),
  cookies: v.nullish(v.array(v.string())),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
})

// The gateway writes these itself; a function that sets them changes nothing.
const ownHeaders = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'upgrade'])

/** Turns what a function returned (payload format 2.0) into what the client gets. */
export function readProxyAnswer({ payload, functionError }: Invocation): Answer {
  const returned: unknown = JSON.parse(payload)
  if (functionError) return failureAnswer(returned)
  if (!isObject(returned) || !('statusCode' in returned)) return unstructured(returned)
  const result = v.safeParse(structured, returned)
  if (!result.success) return internalServerError()
  const { statusCode, headers, cookies, body, isBase64Encoded } = result.output
  return {
    status: statusCode,
    headers: [...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const), ...withContentType(headers ?? {})],
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  }
}

// An object with errorMessage looks to API Gateway like a Lambda error.
function unstructured(returned: unknown): Answer {
  if (isObject(returned) && 'errorMessage' in returned) return internalServerError()
  return json(200, typeof returned === 'string' ? returned : JSON.stringify(returned))
}

function withContentType(headers: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const sent = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !ownHeaders.has(name))
  const typed = sent.some(([name]) => name === 'content-type')
  return typed ? sent : [...sent, ['content-type', 'text/plain; charset=utf-8']]
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function failureAnswer(error: unknown): Answer {
  const type = isObject(error) && 'errorType' in error ? error.errorType : undefined
  if (type === 'Function.ResponseSizeTooLarge') return message(413, 'Request Entity Too Large')
  return type === unreadableAnswer || type === notStarted ? message(502, 'Bad Gateway') : internalServerError()
}
