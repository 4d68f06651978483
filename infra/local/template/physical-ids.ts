import { createHash } from 'node:crypto'
import type { References } from './intrinsics.ts'
import { type Resource, type Template, typeOf } from './template.ts'

export const account = '000000000000'
export const region = 'us-east-1'

type Kind = {
  /** Undefined where the name that the template gives is not understood. */
  readonly id: (stack: string, logicalId: string, properties: Resource['Properties']) => string | undefined
  readonly attributes?: Readonly<Record<string, (id: string) => string>>
}

// A name follows only from those of the stack and of the resource in the template, so that data outlive a restart.
const digest = (stack: string, logicalId: string) => createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')
const short = (stack: string, logicalId: string) => digest(stack, logicalId).slice(0, 10)
const uuid = (stack: string, logicalId: string) =>
  digest(stack, logicalId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
const name = (stack: string, logicalId: string) => `${stack}-${logicalId}`.slice(-64)

// A name that the template chooses, as text: an intrinsic function in its place is not understood.
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

export const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': { id: name, attributes: { Arn: (id) => arn('dynamodb', `table/${id}`) } },
  'AWS::KMS::Key': { id: uuid, attributes: { Arn: (id) => arn('kms', `key/${id}`), KeyId: (id) => id } },
  // The stack calls its functions what their folders are called, and so do logs and commands.
  'AWS::Lambda::Function': {
    id: (_, logicalId) => logicalId,
    attributes: { Arn: (id) => arn('lambda', `function:${id}`) },
  },
  'AWS::IAM::Role': { id: name, attributes: { Arn: (id) => `arn:aws:iam::${account}:role/${id}` } },
  'AWS::Logs::LogGroup': { id: name, attributes: { Arn: (id) => arn('logs', `log-group:${id}:*`) } },
  'AWS::SES::EmailIdentity': { id: (_, __, properties) => textOf(properties?.['EmailIdentity']) },
  'AWS::SES::ConfigurationSet': {
    id: (stack, logicalId, properties) => textOf(properties?.['Name'] ?? name(stack, logicalId)),
  },
  'AWS::ApiGatewayV2::Api': { id: short },
  'AWS::ApiGatewayV2::Integration': { id: short },
  'AWS::ApiGatewayV2::Authorizer': { id: short },
}

export type Stack = {
  readonly name: string
  readonly template: Template
  /** Where the HTTP API will be reached. */
  readonly endpoint: string
  /** What the custom resources have answered so far, by logical id. */
  readonly provided: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

export const stackId = (stack: string) => arn('cloudformation', `stack/${stack}/${uuid(stack, '')}`)

/** Finds what `Ref` and `Fn::GetAtt` stand for in a stack. */
export function createReferences({ name: stack, template, endpoint, provided }: Stack): References {
  const pseudoParameters: ReadonlyMap<string, string> = new Map([
    ['AWS::AccountId', account],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', stackId(stack)],
    ['AWS::StackName', stack],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ])
  const kindOf = (logicalId: string) => kinds[template.Resources[logicalId]?.Type ?? '']
  const idOf = (logicalId: string) => kindOf(logicalId)?.id(stack, logicalId, template.Resources[logicalId]?.Properties)

  return {
    ref: (id) => pseudoParameters.get(id) ?? idOf(id),
    attribute: (logicalId, attribute) => {
      const resource = template.Resources[logicalId]
      if (resource && typeOf(resource) === 'Custom') return provided.get(logicalId)?.[attribute]
      if (resource?.Type === 'AWS::ApiGatewayV2::Api' && attribute === 'ApiEndpoint') return endpoint
      const { attributes = {} } = kindOf(logicalId) ?? {}
      const id = idOf(logicalId)
      return id !== undefined && Object.hasOwn(attributes, attribute) ? attributes[attribute]?.(id) : undefined
    },
  }
}
