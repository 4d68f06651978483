import { type Account, type ApiCall, awsError, unknownOperation } from './aws-api.ts'
import type { AccessRequest } from './iam.ts'
import { keyOf, type LocalTable, partitionKeyOf } from './local-table.ts'
import { readWrites } from './transactions.ts'

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
  ['Query', (parameters, attribute) => [queriedKey(parameters, attribute)]],
  // On AWS the key is then missing from the context, and "for all values" lets it pass.
  ['Scan', () => []],
])

type Access = { readonly action: string; readonly TableName: unknown; readonly keys: readonly unknown[] | undefined }

/**
 * Everything that a request needs: its operation on its table, with the partition keys that it touches there. A
 * transaction is judged item by item, each by the action of its own kind, and again over the keys of all its items: AWS
 * documents that transactions supply leading keys, not whether together, so both must be allowed.
 */
export function readAccess(
  call: ApiCall,
  tables: readonly LocalTable[],
  { region, account }: Account,
): readonly AccessRequest[] {
  const { parameters } = call
  const { IndexName } = parameters
  const accesses =
    call.operation === 'TransactWriteItems' ? transactionAccess(call, tables) : [singleAccess(call, tables)]
  return accesses.map(({ action, TableName, keys }) => ({
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${region}:${account}:table/${TableName}${IndexName ? `/index/${IndexName}` : ''}`,
    context: keys ? { 'dynamodb:LeadingKeys': readable(keys) } : {},
  }))
}

const readable = (keys: readonly unknown[]): readonly string[] | 'unreadable' =>
  keys.every((key) => typeof key === 'string') && keys.length > 0 ? keys : 'unreadable'

function singleAccess({ operation, parameters }: ApiCall, tables: readonly LocalTable[]): Access {
  const leadingKeys = operations.get(operation) ?? refuseOperation(operation)
  const { TableName } = parameters
  const keys = leadingKeys(parameters, partitionKeyOf(tables, TableName))
  return { action: operation, TableName, keys: keys.length > 0 ? keys : undefined }
}

function transactionAccess({ parameters }: ApiCall, tables: readonly LocalTable[]): readonly Access[] {
  const writes = readWrites(parameters)
  if (!writes) throw awsError('ValidationException', 'TransactItems is malformed.')
  const each = writes.map((write) => {
    const { TableName } = write.parameters
    const action = write.operation === 'ConditionCheck' ? 'ConditionCheckItem' : write.operation
    return { action, TableName, keys: [at(keyOf(write.parameters, tables), partitionKeyOf(tables, TableName), 'S')] }
  })
  const joined = each.map((access) => {
    const ofTable = each.filter(({ TableName }) => TableName === access.TableName)
    return { ...access, keys: ofTable.flatMap(({ keys }) => keys) }
  })
  return [...each, ...joined]
}

function refuseOperation(operation: string): never {
  throw unknownOperation(`dynamodb:${operation}`)
}
