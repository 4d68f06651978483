import { randomBytes } from 'node:crypto'
import type { Principal } from '../aws/aws-endpoint.ts'
import type { LocalTable } from '../aws/dynamodb.ts'
import type { LocalKey } from '../aws/kms.ts'
import type { LocalParameter } from '../aws/parameters.ts'
import type { LocalSecret } from '../aws/secrets.ts'
import type { LocalIdentity } from '../aws/ses.ts'
import { type HttpApi, readHttpApis } from '../gateway/http-api.ts'
import type { CustomResource } from '../lambda/custom-resource.ts'
import type { LocalFunction } from '../lambda/lambda.ts'
import { refuse } from '../refusal.ts'
import { replaceDomains } from './domains.ts'
import { createFunctions } from './functions.ts'
import { createResolver } from './intrinsics.ts'
import { type Parts, readAll, type StackOptions } from './parts.ts'
import {
  arn,
  createReferences,
  guessReferences,
  localPlace,
  ownCustomResources,
  type Place,
  stackId,
} from './physical-ids.ts'
import { createRoles, identitiesIn } from './roles.ts'
import { applyConditions, checkTemplate, createReader, findUnknown, idsOf, leaveOutOrRefuse } from './template.ts'
import { readParameters, readSecrets, resolveDynamically } from './values.ts'

/** A stack as the local account needs it. Custom resources and functions are read one by one, as one needs another. */
export type LocalStack = {
  readonly place: Place
  /** Each stage of each HTTP API; those of the API with the log-in come first. */
  readonly apis: readonly HttpApi[]
  readonly tables: readonly LocalTable[]
  readonly keys: readonly LocalKey[]
  readonly parameters: readonly LocalParameter[]
  readonly secrets: readonly LocalSecret[]
  /** What mails may come from: the template's own identities and those of the account that its roles name. */
  readonly identities: readonly LocalIdentity[]
  readonly configurationSets: readonly string[]
  readonly functionNames: readonly string[]
  readonly principals: readonly Principal[]
  readonly customResourceIds: readonly string[]
  readonly readCustomResource: (logicalId: string) => CustomResource
  readonly readFunction: (name: string) => LocalFunction
}

type Credentials = LocalFunction['credentials']

/** Reads a template. @throws Error naming the first thing that is not understood and may not be left out. */
export function readStack(options: StackOptions): LocalStack {
  checkTemplate(options.template)
  const { leaveOut, place = localPlace } = options
  const template = applyConditions(options.template, createReferences(options))
  const stack = { ...options, template }
  const references = replaceDomains(createReferences(stack), template)
  const guesses = resolveDynamically(guessReferences(references, stack), stack.values)
  const resolve = createResolver(references)
  const read = createReader(template, resolve, leaveOut ? createResolver(guesses) : resolve)
  for (const unknown of findUnknown(template)) leaveOutOrRefuse(unknown, leaveOut)
  const { region } = place
  const functions = createFunctions({ ...references, ...stack, template, read, region, leaveOut })
  const parts = { stack, template, place, read, references, functions }
  const credentials = new Map(functions.names.map((name) => [name, createCredentials()]))
  const principals = readPrincipals(parts, credentials)
  const { whyUnserved } = functions
  const apis = readHttpApis({ ...references, template, read, place, leaveOut, whyUnserved })
  if (apis.length === 0) refuse('The stack has no HTTP API that can be served.')
  return {
    place,
    apis: apis.toSorted((one, other) => Number(hasLogin(other)) - Number(hasLogin(one))),
    tables: [
      ...readAll('AWS::DynamoDB::GlobalTable', readTable, parts),
      ...readAll('AWS::DynamoDB::Table', readTable, parts),
    ],
    keys: readAll('AWS::KMS::Key', readKey, parts),
    parameters: readParameters(parts, principals),
    secrets: readSecrets(parts, principals),
    identities: readIdentities(principals, parts),
    configurationSets: readAll('AWS::SES::ConfigurationSet', readConfigurationSet, parts),
    functionNames: functions.names,
    principals,
    customResourceIds: idsOf(template, 'Custom').filter((id) => isOwn(id, parts)),
    readCustomResource: (logicalId) => readCustomResource(logicalId, parts),
    readFunction: (name) => functions.read(name, credentials.get(name)),
  }
}

const hasLogin = ({ routes, stage }: HttpApi): boolean =>
  stage === '$default' && routes.some(({ key }) => key === 'POST /login')

// New ones for every start: only the functions that get them can have them.
const createCredentials = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(10).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(30).toString('base64'),
})

function readTable(id: string, { template, read, references }: Parts): LocalTable {
  const isGlobal = template.Resources[id]?.Type === 'AWS::DynamoDB::GlobalTable'
  const properties = isGlobal ? read('AWS::DynamoDB::GlobalTable', id) : read('AWS::DynamoDB::Table', id)
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties
  return {
    name: String(references.ref(id) ?? refuse(`${id}, TableName: it is not understood here.`)),
    keySchema: KeySchema,
    attributeDefinitions: AttributeDefinitions,
    ...(GlobalSecondaryIndexes.length > 0 && { globalIndexes: GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes.length > 0 && { localIndexes: LocalSecondaryIndexes }),
  }
}

function readKey(id: string, { read, references: { ref, attribute } }: Parts): LocalKey {
  const { KeySpec: keySpec } = read('AWS::KMS::Key', id)
  return { keyId: String(ref(id)), arn: String(attribute(id, 'Arn')), keySpec }
}

// An identity that another stack made is known only by its ARN in a role: nobody can ask for more on localhost.
function readIdentities(principals: readonly Principal[], parts: Parts): readonly LocalIdentity[] {
  const readOne = (id: string, { read, place }: Parts) => {
    const { EmailIdentity: name } = read('AWS::SES::EmailIdentity', id)
    return { name, arn: arn('ses', `identity/${name}`, place) }
  }
  const own = readAll('AWS::SES::EmailIdentity', readOne, parts)
  const named = identitiesIn(principals.flatMap(({ policies }) => policies))
  return [...own, ...named.filter((other) => !own.some(({ arn }) => arn === other.arn))]
}

function readConfigurationSet(id: string, { read, references }: Parts): string {
  read('AWS::SES::ConfigurationSet', id)
  return String(references.ref(id))
}

/** Each function in its role, under the name that AWS gives it then. */
function readPrincipals(parts: Parts, credentials: ReadonlyMap<string, Credentials>): readonly Principal[] {
  const { template, read, references, functions, stack } = parts
  const policiesOf = createRoles(template, read, references, stack.leaveOut)
  const resolve = createResolver(references)
  return [...credentials].map(([name, keys]) => {
    const logicalId = functions.logicalId(name)
    const role = resolve(template.Resources[logicalId]?.Properties?.['Role'], `${logicalId}, Role`)
    const policies = policiesOf(role) ?? refuse(`${logicalId}, Role: it is not a role of this template.`)
    const session = String(role).replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
    return { ...keys, arn: `${session}/${name}`, policies }
  })
}

function isOwn(logicalId: string, { template, stack: { leaveOut } }: Parts): boolean {
  const type = template.Resources[logicalId]?.Type ?? ''
  if (ownCustomResources.includes(type) || !leaveOut) return true
  leaveOut({ logicalId, type, why: 'custom resources of others are not provided' })
  return false
}

function readCustomResource(logicalId: string, { template, stack, read, place }: Parts): CustomResource {
  const type = template.Resources[logicalId]?.Type ?? ''
  return { logicalId, type, stackId: stackId(stack.name, place), properties: read('Custom', logicalId) }
}
