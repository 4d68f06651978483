import { randomBytes } from 'node:crypto'
import type { Principal } from '../aws/aws-endpoint.ts'
import type { LocalTable } from '../aws/dynamodb.ts'
import type { LocalKey } from '../aws/kms.ts'
import type { LocalIdentity } from '../aws/ses.ts'
import { type HttpApi, readHttpApi } from '../gateway/http-api.ts'
import type { CustomResource } from '../lambda/custom-resource.ts'
import type { LocalFunction } from '../lambda/lambda.ts'
import { refuse } from '../refusal.ts'
import { createResolver, type References, type Resolve } from './intrinsics.ts'
import { arn, createReferences, region, type Stack, stackId } from './physical-ids.ts'
import { identitiesIn, readRoles } from './roles.ts'
import { checkTemplate, createReader, idsOf, type Read } from './template.ts'

/** A stack as the local account needs it. Custom resources and functions are read one by one, as one needs another. */
export type LocalStack = {
  readonly api: HttpApi
  readonly tables: readonly LocalTable[]
  readonly keys: readonly LocalKey[]
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
type FindAssetFolder = (s3Key: string) => string | undefined

/** `assetFolder` finds the folder of the asset that CloudFormation knows by its S3 key. */
export function readStack(stack: Stack, assetFolder: FindAssetFolder): LocalStack {
  const { template } = stack
  checkTemplate(template)
  const references = createReferences(stack)
  const resolve = createResolver(references)
  const read = createReader(template, resolve)
  const functionNames = idsOf(template, 'AWS::Lambda::Function')
  const credentials = new Map(functionNames.map((name) => [name, createCredentials()]))
  const parts = { stack, read, resolve, references, credentials }
  const principals = readPrincipals(parts)
  return {
    api: readHttpApi({ template, read, ...references }),
    tables: idsOf(template, 'AWS::DynamoDB::GlobalTable').map((id) => readTable(id, parts)),
    keys: idsOf(template, 'AWS::KMS::Key').map((id) => readKey(id, parts)),
    identities: readIdentities(principals, parts),
    configurationSets: idsOf(template, 'AWS::SES::ConfigurationSet').map((id) => readConfigurationSet(id, parts)),
    functionNames,
    principals,
    customResourceIds: idsOf(template, 'Custom'),
    readCustomResource: (logicalId) => readCustomResource(logicalId, parts),
    readFunction: (name) => readFunction(name, parts, assetFolder),
  }
}

type Parts = {
  readonly stack: Stack
  readonly read: Read
  readonly resolve: Resolve
  readonly references: References
  readonly credentials: ReadonlyMap<string, Credentials>
}

// New ones for every start: only the functions that get them can have them.
const createCredentials = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(10).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(30).toString('base64'),
})

function readTable(id: string, { read, references }: Parts): LocalTable {
  const { KeySchema, AttributeDefinitions } = read('AWS::DynamoDB::GlobalTable', id)
  return { name: String(references.ref(id)), keySchema: KeySchema, attributeDefinitions: AttributeDefinitions }
}

function readKey(id: string, { read, references: { ref, attribute } }: Parts): LocalKey {
  const { KeySpec: keySpec } = read('AWS::KMS::Key', id)
  return { keyId: String(ref(id)), arn: String(attribute(id, 'Arn')), keySpec }
}

// An identity that another stack made is known only by its ARN in a role: nobody can ask for more on localhost.
function readIdentities(principals: readonly Principal[], { stack, read }: Parts): readonly LocalIdentity[] {
  const own = idsOf(stack.template, 'AWS::SES::EmailIdentity').map((id) => {
    const { EmailIdentity: name } = read('AWS::SES::EmailIdentity', id)
    return { name, arn: arn('ses', `identity/${name}`) }
  })
  const named = identitiesIn(principals.flatMap(({ policies }) => policies))
  return [...own, ...named.filter((other) => !own.some(({ arn }) => arn === other.arn))]
}

function readConfigurationSet(id: string, { read, references }: Parts): string {
  read('AWS::SES::ConfigurationSet', id)
  return String(references.ref(id))
}

/** Each function in its role, under the name that AWS gives it then. */
function readPrincipals({ stack: { template }, read, resolve, references, credentials }: Parts): Principal[] {
  const roles = readRoles(template, read, references)
  return [...credentials].map(([name, keys]) => {
    const role = resolve(template.Resources[name]?.Properties?.['Role'], `${name}, Role`)
    const policies = roles.get(role) ?? refuse(`${name}, Role: it is not a role of this template.`)
    const session = String(role).replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
    return { ...keys, arn: `${session}/${name}`, policies }
  })
}

function readCustomResource(logicalId: string, { stack, read }: Parts): CustomResource {
  const type = stack.template.Resources[logicalId]?.Type ?? ''
  return { logicalId, type, stackId: stackId(stack.name), properties: read('Custom', logicalId) }
}

function readFunction(name: string, { read, credentials }: Parts, assetFolder: FindAssetFolder): LocalFunction {
  const { Handler, Code, Environment, Timeout, MemorySize } = read('AWS::Lambda::Function', name)
  return {
    name,
    codeDirectory: assetFolder(Code.S3Key) ?? refuse(`${name}, Code: there is no asset ${Code.S3Key}.`),
    handler: Handler,
    timeout: Timeout,
    memory: MemorySize,
    environment: Environment.Variables,
    credentials: credentials.get(name) ?? refuse(`There is no function ${name} in the template.`),
    region,
  }
}
