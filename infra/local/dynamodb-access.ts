import { type Account, type ApiCall, awsError, unknownOperation } from './aws-api.ts'
import type { AccessRequest } from './iam.ts'

/** A table as the template describes it, its parts named as CloudFormation names them. */
export type LocalTable = {
  readonly name: string
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[]
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[]
}

type Parameters = ApiCall['parameters']

/** One table of a request, and its partition key's value in every item that is touched; undefined: not to be told. */
type Touched = { readonly table: unknown; readonly keys: (attribute: string) => readonly unknown[] }

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (Object.hasOwn(Object(found), name) ? Object(found)[name] : undefined),
    value,
  )
}

const single = (field: 'Key' | 'Item') => (parameters: Parameters) => [
  { table: parameters['TableName'], keys: (attribute: string) => [at(parameters, field, attribute, 'S')] },
]

function batch(itemsOf: (request: unknown) => readonly unknown[]) {
  return (parameters: Parameters) =>
    Object.entries(Object(parameters['RequestItems'])).map(([table, requests]) => ({
      table,
      keys: (attribute: string) => itemsOf(requests).map((item) => at(item, attribute, 'S')),
    }))
}

const gets = (request: unknown) => [at(request, 'Keys')].flat()

const writes = (requests: unknown) =>
  [requests].flat().map((request) => at(request, 'PutRequest', 'Item') ?? at(request, 'DeleteRequest', 'Key'))

/** The value that the partition key must equal. A condition in another form than `name = :value AND …` tells none. */
function queriedKey(parameters: Parameters, attribute: string): unknown {
  const terms = String(parameters['KeyConditionExpression']).split(/\s+and\s+/i)
  const equalities = terms.map((term) => /^\s*([#\w]+)\s*=\s*(:\w+)\s*$/.exec(term) ?? [])
  const nameOf = (name = '') => (name.startsWith('#') ? at(parameters, 'ExpressionAttributeNames', name) : name)
  const [found, ...more] = equalities.filter(([, name]) => nameOf(name) === attribute)
  if (!found || more.length > 0 || 'IndexName' in parameters) return undefined
  return at(parameters, 'ExpressionAttributeValues', String(found[2]), 'S')
}

const query = (parameters: Parameters) => [
  { table: parameters['TableName'], keys: (attribute: string) => [queriedKey(parameters, attribute)] },
]

// A scan has no leading keys: on AWS the key is then missing from the context, and "for all values" lets it pass.
const scan = ({ TableName }: Parameters) => [{ table: TableName, keys: () => [] }]

const operations: Readonly<Record<string, (parameters: Parameters) => readonly Touched[]>> = {
  GetItem: single('Key'),
  PutItem: single('Item'),
  UpdateItem: single('Key'),
  DeleteItem: single('Key'),
  BatchGetItem: batch(gets),
  BatchWriteItem: batch(writes),
  Query: query,
  Scan: scan,
}

/** What a request needs: its operation on each of its tables, with the partition keys that it touches there. */
export function readAccesses(call: ApiCall, tables: readonly LocalTable[], { region, account }: Account) {
  const touched = operations[call.operation]?.(call.parameters)
  if (!touched) throw unknownOperation(`dynamodb:${call.operation}`)
  if (touched.length === 0) throw awsError('ValidationException', 'The request names no table.')
  return touched.map(({ table, keys }): AccessRequest => {
    const { IndexName } = call.parameters
    const resource = `arn:aws:dynamodb:${region}:${account}:table/${table}${IndexName ? `/index/${IndexName}` : ''}`
    const partitionKey = tables.find(({ name }) => name === table)?.keySchema.find(({ KeyType }) => KeyType === 'HASH')
    const values = keys(partitionKey?.AttributeName ?? '')
    const strings = values.filter((value) => typeof value === 'string')
    const leadingKeys = strings.length === values.length ? strings : 'unreadable'
    return {
      action: `dynamodb:${call.operation}`,
      resource,
      context: values.length > 0 ? { 'dynamodb:LeadingKeys': leadingKeys } : {},
    }
  })
}
