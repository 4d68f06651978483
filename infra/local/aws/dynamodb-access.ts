import { type Account, type ApiCall, unknownOperation } from './aws-api.ts'
import type { AccessRequest } from './iam.ts'
import { readGets, readTransaction } from './transactions.ts'

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[]

type Index = {
  readonly IndexName: string
  readonly KeySchema: KeySchema
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] }
}

/** A table as the template describes it, its parts named as CloudFormation names them. */
export type LocalTable = {
  readonly name: string
  readonly keySchema: KeySchema
  readonly globalIndexes?: readonly Index[]
  readonly localIndexes?: readonly Index[]
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[]
}

type Parameters = ApiCall['parameters']

/** The partition key's value in the items that a request touches; undefined: not to be told. None: it has no leading keys. */
type LeadingKeys = (parameters: Parameters, attribute: string) => readonly unknown[]

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (Object.hasOwn(Object(found), name) ? Object(found)[name] : undefined),
    value,
  )
}

const keyIn =
  (field: 'Key' | 'Item'): LeadingKeys =>
  (parameters, attribute) => [at(parameters, field, attribute, 'S')]

/** The value that the partition key must equal. A condition in another form than `name = :value AND …` tells none. */
function queriedKey(parameters: Parameters, attribute: string): unknown {
  const terms = String(parameters['KeyConditionExpression']).split(/\s+and\s+/i)
  const equalities = terms.map((term) => /^\s*([#\w]+)\s*=\s*(:\w+)\s*$/.exec(term) ?? [])
  const nameOf = (name = '') => (name.startsWith('#') ? at(parameters, 'ExpressionAttributeNames', name) : name)
  const [found, ...more] = equalities.filter(([, name]) => nameOf(name) === attribute)
  if (!found || more.length > 0 || 'IndexName' in parameters) return undefined
  return at(parameters, 'ExpressionAttributeValues', String(found[2]), 'S')
}

const operations = new Map<string, LeadingKeys>([
  ['GetItem', keyIn('Key')],
  ['PutItem', keyIn('Item')],
  ['UpdateItem', keyIn('Key')],
  ['DeleteItem', keyIn('Key')],
  ['ConditionCheckItem', keyIn('Key')],
  ['Query', (parameters, attribute) => [queriedKey(parameters, attribute)]],
  // On AWS the key is then missing from the context, and "for all values" lets it pass.
  ['Scan', () => []],
  ['DescribeTable', () => []],
  ['BatchGetItem', (parameters, attribute) => keysOf(parameters, 'Keys').map((key) => at(key, attribute, 'S'))],
  ['BatchWriteItem', (parameters, attribute) => keysOf(parameters, 'Requests').map((key) => at(key, attribute, 'S'))],
])

const keysOf = (parameters: Parameters, field: string): readonly unknown[] => [parameters[field] ?? []].flat()

/** A batch as one operation for each of its tables, with the keys of its items. */
function readBatch({ operation, parameters: { RequestItems } }: ApiCall): readonly Pick<ApiCall, Request>[] {
  return Object.entries(Object(RequestItems)).map(([TableName, items]) => {
    const requests = [items]
      .flat()
      .map((request) => at(request, 'PutRequest', 'Item') ?? at(request, 'DeleteRequest', 'Key'))
    const parameters = { TableName, Requests: requests, Keys: at(items, 'Keys') ?? [] }
    return { operation, parameters }
  })
}

type Request = 'operation' | 'parameters'

/** What a request needs: its operation on its table, with the partition keys that it touches there. */
export function readAccess(call: ApiCall, tables: readonly LocalTable[], place: Account): readonly AccessRequest[] {
  const judge = (item: Pick<ApiCall, Request>) => readOperationAccess(item, tables, place)
  if (call.operation.startsWith('Batch')) return readBatch(call).map(judge)
  if (!call.operation.startsWith('Transact')) return [judge(call)]
  const isRead = call.operation === 'TransactGetItems'
  const items = (isRead ? readGets(call.parameters) : readTransaction(call.parameters)).map(judge)
  return [...items, ...joinLeadingKeys(items)]
}

/**
 * AWS does not say whether it judges a transaction by item or by all keys of an action. Both must be allowed here.
 */
function joinLeadingKeys(items: readonly AccessRequest[]): readonly AccessRequest[] {
  const groups = Map.groupBy(items, ({ action, resource }) => `${action} ${resource}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const keys = group.map(({ context }) => context['dynamodb:LeadingKeys'] ?? [])
    const joined = keys.some((found) => found === 'unreadable') ? ('unreadable' as const) : keys.flat()
    return first ? [{ ...first, context: { 'dynamodb:LeadingKeys': joined } }] : []
  })
}

function readOperationAccess(
  { operation, parameters }: Pick<ApiCall, Request>,
  tables: readonly LocalTable[],
  { region, account }: Account,
): AccessRequest {
  const leadingKeys = operations.get(operation) ?? refuseOperation(operation)
  const { TableName, IndexName } = parameters
  const keySchema = tables.find(({ name }) => name === TableName)?.keySchema ?? []
  const partitionKey = keySchema.find(({ KeyType }) => KeyType === 'HASH')
  const values = leadingKeys(parameters, partitionKey?.AttributeName ?? '')
  const strings = values.filter((value) => typeof value === 'string')
  return {
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${region}:${account}:table/${TableName}${IndexName ? `/index/${IndexName}` : ''}`,
    context: {
      ...(values.length > 0 && { 'dynamodb:LeadingKeys': strings.length === values.length ? strings : 'unreadable' }),
      ...attributesOf(operation, parameters, keySchema),
    },
  }
}

/** What a read asks for by a projection, together with the keys that it names. Without one it asks for all there is. */
function attributesOf(operation: string, parameters: Parameters, keySchema: LocalTable['keySchema']) {
  const { ProjectionExpression: projection } = parameters
  if (operation !== 'GetItem' || typeof projection !== 'string') return {}
  const paths = projection.split(',').map((path) => path.trim().split(/[.[]/, 1)[0] ?? '')
  const names = paths.map((name) => (name.startsWith('#') ? at(parameters, 'ExpressionAttributeNames', name) : name))
  const attributes = [...names, ...keySchema.map(({ AttributeName }) => AttributeName)]
  const strings = attributes.filter((name) => typeof name === 'string')
  const found = strings.length === attributes.length ? [...new Set(strings)] : ('unreadable' as const)
  return { 'dynamodb:Attributes': found }
}

function refuseOperation(operation: string): never {
  throw unknownOperation(`dynamodb:${operation}`)
}
