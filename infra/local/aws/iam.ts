import * as v from 'valibot'

/** A policy document of the template, every intrinsic function already resolved. */
export type PolicyDocument = { readonly Version?: string; readonly Statement: unknown }

/** `unreadable`: the request has a value that cannot be determined, so no condition allows the request. */
type ContextValue = readonly string[] | 'unreadable'

export type AccessRequest = {
  readonly action: string
  readonly resource: string
  /** A key that AWS would leave out of the request's context is left out here too. */
  readonly context: Readonly<Record<string, ContextValue>>
}

export type Decision = 'allowed' | 'not allowed' | 'explicitly denied'

// Policy variables are not resolved here, so a dollar sign is refused.
const pattern = v.pipe(v.string(), v.regex(/^[^$]*$/, 'policy variables are not understood'))
const patterns = v.pipe(
  v.union([pattern, v.array(pattern)]),
  v.transform((found) => [found].flat()),
)

// Those that a request may lack, which `Null` asks about.
const optionalKeys = [
  'dynamodb:LeadingKeys',
  'dynamodb:Attributes',
  'kms:EncryptionContextKeys',
  'kms:EncryptionContext:sub',
] as const

// No service calls KMS on behalf of a function here, so kms:ViaService is never met.
const otherKeys = ['kms:SigningAlgorithm', 'kms:MessageType', 'ses:FromAddress', 'kms:ViaService'] as const
const condition = v.strictObject(v.entriesFromList([...optionalKeys, ...otherKeys], v.exactOptional(patterns)))

const isNull = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])]),
  v.transform((found) => [String(found)]),
)

// Strict: an element, operator or key that is not listed stops the start instead of being passed over.
const statementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: patterns,
  Resource: patterns,
  Condition: v.optional(
    v.strictObject({
      Null: v.exactOptional(v.strictObject(v.entriesFromList(optionalKeys, v.exactOptional(isNull)))),
      StringEquals: v.exactOptional(condition),
      StringLike: v.exactOptional(condition),
      'ForAllValues:StringEquals': v.exactOptional(condition),
      'ForAllValues:StringLike': v.exactOptional(condition),
    }),
    {},
  ),
})
type Statement = v.InferOutput<typeof statementSchema>

const expressions = new Map<string, RegExp>()

// Kept: policies have few patterns, and each request is held against many of them.
function expressionFor(pattern: string, flags: string): RegExp {
  const known = expressions.get(`${flags} ${pattern}`)
  if (known) return known
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags)
  expressions.set(`${flags} ${pattern}`, expression)
  return expression
}

/** Whether a text fits a pattern with `*` and `?`. */
export const matches = (pattern: string, text: string, flags = 's'): boolean => expressionFor(pattern, flags).test(text)

function meets(
  operator: string,
  expected: readonly string[],
  value: ContextValue | undefined,
  effect: string,
): boolean {
  // An unreadable value is denied: it meets every condition of a Deny and none of an Allow.
  if (value === 'unreadable') return effect === 'Deny'
  if (operator === 'Null') return expected.includes(String(value === undefined))
  const [comparison, quantifier] = operator.split(':').reverse()
  const fits = (text: string) =>
    expected.some((wanted) => (comparison === 'StringLike' ? matches(wanted, text) : wanted === text))
  // As on AWS, "for all values" holds for a key that the request lacks, and a plain operator does not.
  if (quantifier === 'ForAllValues') return (value ?? []).every(fits)
  return value?.length === 1 && value.every(fits)
}

function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const conditions = Object.entries(statement.Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, expected]) => meets(operator, expected, context[key], statement.Effect)),
  )
  return (
    statement.Action.some((wanted) => matches(wanted, action, 'si')) &&
    statement.Resource.some((wanted) => matches(wanted, resource)) &&
    conditions.every(Boolean)
  )
}

/** By their names in actions and in signatures. */
export const servedServices = ['dynamodb', 'kms', 'lambda', 'secretsmanager', 'ses', 'ssm']

/** Whether a statement may say something of a service that is served; one that is not needs no roles. */
function concernsServed(statement: unknown): boolean {
  const { Action } = Object(statement)
  const actions = [Action].flat()
  if (!actions.every((action) => typeof action === 'string')) return true
  return actions.some((action) => {
    const [service = ''] = action.toLowerCase().split(':')
    return /[*?$]/.test(service) || servedServices.includes(service)
  })
}

function readStatement(statement: unknown, owner: string | undefined): Statement {
  const result = v.safeParse(statementSchema, statement)
  if (result.success) return result.output
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'Statement'}: ${issue.message}`)
  const what = `A policy statement${owner === undefined ? '' : ` of ${owner}`}`
  throw new Error(`${what} is not understood here (${faults.join('; ')}): ${JSON.stringify(statement)}`)
}

/** @throws Error naming whatever a document holds that is not understood here. */
export function createPolicyEvaluator(
  policies: readonly PolicyDocument[],
  owner?: string,
): (request: AccessRequest) => Decision {
  const statements = policies
    .flatMap(({ Statement }) => [Statement].flat())
    .filter(concernsServed)
    .map((statement) => readStatement(statement, owner))
  return (request) => {
    const effects = statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect)
    if (effects.includes('Deny')) return 'explicitly denied'
    return effects.includes('Allow') ? 'allowed' : 'not allowed'
  }
}
