import type { HttpApi, Route } from '../../local/gateway/http-api.ts'
import type { LeftOut } from '../../local/template/template.ts'
import { printable } from '../terminal.ts'

/** Says what of a stack is not served, each once, and how a function gets at it all the same. */
export function reportLeftOut(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return ''
  const lines = leftOut.map(({ logicalId, type, why }) => `  ${logicalId} (${type}): ${why}`)
  const hint = 'A function that calls such a service gets an error; --endpoint SERVICE=URL leads it to another one.'
  return `Not served here:\n${printable([...new Set(lines)].join('\n'))}\n${hint}\n\n`
}

/** Names what the owner has to fill in. */
export const reportMissing = (missing: readonly string[], file: string): string =>
  missing.length === 0 ? '' : `${file} has no value yet for: ${missing.join(', ')}. Fill them in and start again.\n\n`

/** The address of each stage of each API, by the logical ids of the APIs. */
export const addressesOf = (apis: readonly HttpApi[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...Map.groupBy(apis, ({ logicalId }) => logicalId)].map(([id, stages]) => [
      id,
      stages.map(({ endpoint, stage }) => (stage === '$default' ? endpoint : `${endpoint}/${stage}`)),
    ]),
  )

/** The addresses of all APIs, where there are several. */
export function reportApis(apis: readonly HttpApi[]): string {
  if (apis.length < 2) return ''
  const lines = Object.entries(addressesOf(apis)).map(([id, addresses]) => `  ${id}: ${addresses.join(', ')}`)
  return `${lines.join('\n')}\n\n`
}

type GuardedRoute = Pick<Route, 'key' | 'functionArn' | 'authorizer' | 'jwtAuthorizer'>
type Served = { readonly api: { readonly routes: readonly GuardedRoute[] }; readonly adminFunction: string }

/** A path of the owner's that takes the token of a log-in without scopes: a token for a resource is another one. */
export function trialPath({ api: { routes }, adminFunction }: Served): string {
  const ofLatchkey = adminFunction.replace(/admin[0-9A-F]{8}$/, '')
  const takesLogIn = ({ authorizer, jwtAuthorizer }: GuardedRoute): boolean =>
    jwtAuthorizer
      ? jwtAuthorizer.audiences.includes(jwtAuthorizer.issuer) && jwtAuthorizer.scopes.length === 0
      : nameOf(authorizer?.functionArn).startsWith(`${ofLatchkey}authorizer`)
  const own = routes.find(
    (route) =>
      /^(GET|ANY) [^{]*$/.test(route.key) && takesLogIn(route) && !nameOf(route.functionArn).startsWith(ofLatchkey),
  )
  return own?.key.replace(/^\w+ /, '') ?? '/sessions'
}

const nameOf = (functionArn = ''): string => functionArn.split(':').at(-1) ?? ''
