import { randomBytes } from 'node:crypto'
import type { Principal } from './aws-endpoint.ts'
import type { CustomResource } from './custom-resource.ts'
import type { LocalTable } from './dynamodb.ts'
import { type HttpApi, readHttpApi } from './http-api.ts'
import { createResolver } from './intrinsics.ts'
import type { LocalKey } from './kms.ts'
import type { LocalFunction } from './lambda.ts'
import { createReferences, region, type Stack, stackId } from './physical-ids.ts'
import { refuse } from './refusal.ts'
import { readRoles } from './roles.ts'
import { checkTemplate, createReader, idsOf } from './template.ts'

/** A stack as the local account needs it. Custom resources and functions are read one by one, as one needs another. */
export type LocalStack = {
  readonly api: HttpApi
  readonly tables: readonly LocalTable[]
  readonly keys: readonly LocalKey[]
  readonly functionNames: readonly string[]
  readonly principals: readonly Principal[]
  readonly customResourceIds: readonly string[]
  readonly readCustomResource: (logicalId: string) => CustomResource
  readonly readFunction: (name: string) => LocalFunction
}

/** `assetFolder` finds the folder of the asset that CloudFormation knows by its S3 key. */
export function readStack(stack: Stack, assetFolder: (s3Key: string) => string | undefined): LocalStack {
  const { template } = stack
  checkTemplate(template)
  const references = createReferences(stack)
  const { ref, attribute } = references
  const resolve = createResolver(references)
  const read = createReader(template, resolve)
  const functionNames = idsOf(template, 'AWS::Lambda::Function')
  const roles = readRoles(template, read, references)
  const credentials = new Map(functionNames.map((name) => [name, createCredentials()]))
  const credentialsOf = (name: string) => credentials.get(name) ?? refuse(`There is no function ${name}.`)

  return {
    api: readHttpApi({ template, read, ref }),
    tables: idsOf(template, 'AWS::DynamoDB::GlobalTable').map((id) => {
      const { KeySchema, AttributeDefinitions } = read('AWS::DynamoDB::GlobalTable', id)
      return { name: String(ref(id)), keySchema: KeySchema, attributeDefinitions: AttributeDefinitions }
    }),
    keys: idsOf(template, 'AWS::KMS::Key').map((id) => {
      const { KeySpec: keySpec } = read('AWS::KMS::Key', id)
      return { keyId: String(ref(id)), arn: String(attribute(id, 'Arn')), keySpec }
    }),
    functionNames,
    principals: functionNames.map((name) => {
      const arn = resolve(template.Resources[name]?.Properties?.['Role'], `${name}, Role`)
      const policies = roles.get(arn) ?? refuse(`${name}, Role: it is no role of this template.`)
      const session = `${String(arn).replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`
      return { accessKeyId: credentialsOf(name).accessKeyId, arn: session, policies }
    }),
    customResourceIds: idsOf(template, 'Custom'),
    readCustomResource: (logicalId) => ({
      logicalId,
      type: template.Resources[logicalId]?.Type ?? '',
      stackId: stackId(stack.name),
      properties: read('Custom', logicalId),
    }),
    readFunction: (name) => {
      const { Handler, Code, Environment, Timeout, MemorySize } = read('AWS::Lambda::Function', name)
      return {
        name,
        codeDirectory: assetFolder(Code.S3Key) ?? refuse(`${name}, Code: there is no asset ${Code.S3Key}.`),
        handler: Handler,
        timeout: Timeout,
        memory: MemorySize,
        environment: Environment.Variables,
        credentials: credentialsOf(name),
        region,
      }
    },
  }
}

// Made anew for every start: nobody can have them but the functions that they are given to.
const createCredentials = () => ({
  accessKeyId: `ASIA${randomBytes(10).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(30).toString('base64'),
})
