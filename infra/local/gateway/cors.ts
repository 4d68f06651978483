import type { Answer } from './gateway-answer.ts'

export type CorsConfiguration = {
  readonly AllowOrigins: readonly string[]
  readonly AllowMethods: readonly string[]
  readonly AllowHeaders: readonly string[]
  readonly ExposeHeaders: readonly string[]
  readonly AllowCredentials: boolean
  readonly MaxAge?: number | undefined
}

type Headers = Readonly<Record<string, string>>

/** Answers an OPTIONS request that has no route; CORS headers are there only if all that it asks for is allowed. */
export function answerPreflight(cors: CorsConfiguration, headers: Headers): Answer {
  const origin = isAllowed(cors, headers) ? originHeaders(cors, headers['origin']) : []
  const { AllowMethods, AllowHeaders, MaxAge } = cors
  const others = [
    ['access-control-allow-methods', AllowMethods.join(',')],
    ['access-control-allow-headers', AllowHeaders.join(',')],
    ['access-control-max-age', MaxAge === undefined ? '' : String(MaxAge)],
  ] as const
  return {
    status: 204,
    headers: origin.length > 0 ? [...origin, ...others.filter(([, value]) => value)] : [],
    body: Buffer.alloc(0),
  }
}

/** Puts the API's CORS headers on an answer, the gateway's own too; what a function says about CORS is dropped. */
export function addCorsHeaders(cors: CorsConfiguration, headers: Headers, answer: Answer): Answer {
  const others = answer.headers.filter(([name]) => !name.startsWith('access-control-'))
  return { ...answer, headers: [...others, ...originHeaders(cors, headers['origin'])] }
}

/** What a preflight asks for that is not allowed, with the setting that would allow it; undefined where all is. */
export function explainRefusal({ AllowOrigins, ...cors }: CorsConfiguration, headers: Headers): string | undefined {
  const { origin = '' } = headers
  if (!AllowOrigins.some((pattern) => matchesOrigin(pattern, origin))) {
    return `the origin ${JSON.stringify(origin)} is not among the setting corsOrigins.`
  }
  const method = refusedMethod(cors, headers)
  if (method !== undefined) return `the method ${JSON.stringify(method)} is not among the setting corsMethods.`
  const name = refusedHeader(cors, headers)
  return name === undefined ? undefined : `the header ${JSON.stringify(name)} is not among the setting corsHeaders.`
}

type Allowed = Pick<CorsConfiguration, 'AllowMethods' | 'AllowHeaders'>

const isAllowed = (cors: Allowed, headers: Headers): boolean =>
  refusedMethod(cors, headers) === undefined && refusedHeader(cors, headers) === undefined

function refusedMethod({ AllowMethods }: Allowed, headers: Headers): string | undefined {
  const method = headers['access-control-request-method'] ?? ''
  return AllowMethods.includes('*') || AllowMethods.includes(method) ? undefined : method
}

function refusedHeader({ AllowHeaders }: Allowed, headers: Headers): string | undefined {
  const asked = (headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  const allowed = AllowHeaders.map((name) => name.toLowerCase())
  return allowed.includes('*') ? undefined : asked.find((name) => name !== '' && !allowed.includes(name))
}

function originHeaders({ AllowOrigins, AllowCredentials, ExposeHeaders }: CorsConfiguration, origin?: string) {
  if (!origin || !AllowOrigins.some((pattern) => matchesOrigin(pattern, origin))) return []
  const headers = [
    ['access-control-allow-origin', AllowOrigins.includes('*') ? '*' : origin],
    ['access-control-allow-credentials', AllowCredentials ? 'true' : ''],
    ['access-control-expose-headers', ExposeHeaders.join(',')],
  ] as const
  return headers.filter(([, value]) => value)
}

const matchesOrigin = (pattern: string, origin: string) =>
  pattern === '*' || pattern === origin || (/^https?:\/\/\*$/.test(pattern) && origin.startsWith(pattern.slice(0, -1)))
