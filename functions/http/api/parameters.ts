import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fail, type Result, succeed } from '../../domain/result.ts'
import { type Body, type BodyFailure, isOfType, readBody, readJsonBody } from './body.ts'

/** The requested parameters; one that was not sent is absent. */
export type Parameters<Name extends string> = { readonly [N in Name]?: string }

export type ParametersFailure =
  | BodyFailure
  | { readonly reason: 'malformed_parameter' | 'missing_parameter'; readonly name: string }

/**
 * Reads the parameters of an OAuth endpoint from a form (RFC 6749 section 3.2) or a JSON object. A parameter without a
 * value counts as absent, a repeated one is refused, and unknown ones are ignored. `repeatable` are those that may be
 * repeated by their definition: such a one is malformed, as a list is in JSON.
 */
export function readParameters<Name extends string>(
  event: APIGatewayProxyEventV2,
  names: readonly Name[],
  repeatable: readonly Name[] = [],
): Result<Parameters<Name>, ParametersFailure> {
  const isForm = isOfType(event, 'application/x-www-form-urlencoded')
  const body = isForm ? readBody(event, (text) => readForm(text, repeatable)) : readJsonBody(event)
  return body.ok ? pickStrings(body.value, names) : body
}

// Not URLSearchParams: it keeps duplicates, and replaces invalid UTF-8 instead of refusing it.
function readForm(text: string, repeatable: readonly string[]): Body {
  const pairs = text.split('&').filter((pair) => pair !== '')
  const parameters = new Map<string, unknown>()
  for (const [name, value] of pairs.map(readPair)) {
    if (parameters.has(name) && !repeatable.includes(name)) throw new SyntaxError('A parameter is repeated.')
    parameters.set(name, parameters.has(name) ? [parameters.get(name), value].flat() : value)
  }
  return Object.fromEntries(parameters)
}

function readPair(pair: string): readonly [string, string] {
  const [name = '', ...value] = pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
  return [name, value.join('=')]
}

function pickStrings<Name extends string>(
  body: Body,
  names: readonly Name[],
): Result<Parameters<Name>, ParametersFailure> {
  const sent = names.filter((name) => Object.hasOwn(body, name) && body[name] !== '')
  const malformed = sent.find((name) => typeof body[name] !== 'string')
  if (malformed !== undefined) return fail({ reason: 'malformed_parameter', name: malformed })
  return succeed(Object.fromEntries(sent.map((name) => [name, body[name]])) as Parameters<Name>)
}
