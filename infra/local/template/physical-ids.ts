import { createHash } from 'node:crypto'
import { createResolver, type References, type Resolve } from './intrinsics.ts'
import { type Resource, type Template, typeOf } from './template.ts'

/** Where a stack is, in its ARNs. */
export type Place = { readonly region: string; readonly account: string }

export const localPlace: Place = { region: 'us-east-1', account: '000000000000' }

type Properties = Readonly<Record<string, unknown>>

/** A resource that is to be named; `given` resolves what the template says of a property. */
type Named = {
  readonly stack: string
  readonly logicalId: string
  readonly place: Place
  readonly given: (property: string) => unknown
}

type Kind = {
  /** Undefined where the name that the template gives is not understood. */
  readonly id: (named: Named) => string | undefined
  readonly attributes?: Readonly<Record<string, (id: string, named: Named) => unknown>>
}

export const arn = (service: string, resource: string, { region, account } = localPlace) =>
  `arn:aws:${service}:${region}:${account}:${resource}`

// A name follows only from those of the stack and of the resource in the template, so that data outlive a restart.
const digest = ({ stack, logicalId }: Pick<Named, 'stack' | 'logicalId'>) =>
  createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')
const short = (named: Named) => digest(named).slice(0, 10)
const uuid = (named: Pick<Named, 'stack' | 'logicalId'>) =>
  digest(named).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
const name = ({ stack, logicalId }: Named) => `${stack}-${logicalId}`.slice(-64)

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The name that the template gives, else one of ours. */
const nameIn =
  (property: string, other: (named: Named) => string = name): Kind['id'] =>
  (named) =>
    textOf(named.given(property) ?? other(named))

const arnOf =
  (service: string, prefix = '') =>
  (id: string, { place }: Named) =>
    arn(service, `${prefix}${id}`, place)

const table: Kind = { id: nameIn('TableName'), attributes: { Arn: arnOf('dynamodb', 'table/') } }

// An alias or a version is its function: nothing but the newest code is there.
const sameFunction: Kind['id'] = ({ given, place }) => {
  const function_ = textOf(given('FunctionName'))
  return function_?.startsWith('arn:') ? function_ : function_ && arn('lambda', `function:${function_}`, place)
}

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::KMS::Key': { id: uuid, attributes: { Arn: arnOf('kms', 'key/'), KeyId: (id) => id } },
  // The stack calls its functions what their folders are called, and so do logs and commands.
  'AWS::Lambda::Function': {
    id: nameIn('FunctionName', ({ logicalId }) => logicalId),
    attributes: { Arn: arnOf('lambda', 'function:') },
  },
  'AWS::Lambda::Alias': { id: sameFunction, attributes: { AliasArn: (id) => id } },
  'AWS::Lambda::Version': { id: sameFunction, attributes: { FunctionArn: (id) => id, Version: () => '1' } },
  'AWS::IAM::Role': {
    id: nameIn('RoleName'),
    attributes: { Arn: (id, { place }) => `arn:aws:iam::${place.account}:role/${id}` },
  },
  'AWS::IAM::ManagedPolicy': { id: (named) => `arn:aws:iam::${named.place.account}:policy/${name(named)}` },
  'AWS::Logs::LogGroup': {
    id: nameIn('LogGroupName'),
    attributes: { Arn: (id, { place }) => arn('logs', `log-group:${id}:*`, place) },
  },
  'AWS::SES::EmailIdentity': { id: ({ given }) => textOf(given('EmailIdentity')) },
  'AWS::SES::ConfigurationSet': { id: nameIn('Name') },
  'AWS::SSM::Parameter': { id: nameIn('Name'), attributes: { Value: (_, { given }) => given('Value') } },
  'AWS::SecretsManager::Secret': {
    // AWS puts six characters behind the name.
    id: (named) => {
      const own = textOf(named.given('Name') ?? name(named))
      return own && arn('secretsmanager', `secret:${own}-${digest(named).slice(0, 6)}`, named.place)
    },
  },
  'AWS::SecretsManager::SecretTargetAttachment': { id: ({ given }) => textOf(given('SecretId')) },
  'AWS::ApiGatewayV2::Api': { id: short },
  'AWS::ApiGatewayV2::Integration': { id: short },
  'AWS::ApiGatewayV2::Authorizer': { id: short },
}

export type Stack = {
  readonly name: string
  readonly template: Template
  /** @default localPlace */
  readonly place?: Place | undefined
  /** Where the HTTP API will be reached, or the one that is not among `endpoints`. */
  readonly endpoint: string
  /** Where HTTP APIs will be reached, by logical id. */
  readonly endpoints?: ReadonlyMap<string, string> | undefined
  /** What the custom resources have answered so far, by logical id. */
  readonly provided: ReadonlyMap<string, Properties>
  /** What stands for a parameter of the template; undefined where nothing does. */
  readonly parameter?: ((name: string) => string | undefined) | undefined
}

export const stackId = (stack: string, place = localPlace) =>
  arn('cloudformation', `stack/${stack}/${uuid({ stack, logicalId: '' })}`, place)

/** Finds what intrinsic functions stand for in a stack. */
export function createReferences(stack: Stack): References {
  const { template, place = localPlace, endpoint, endpoints, provided } = stack
  const pseudoParameters: ReadonlyMap<string, string> = new Map([
    ['AWS::AccountId', place.account],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', place.region],
    ['AWS::StackId', stackId(stack.name, place)],
    ['AWS::StackName', stack.name],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ])
  const find = (logicalId: string) => {
    const resource = template.Resources[logicalId]
    const kind = kinds[resource?.Type ?? '']
    const named = { stack: stack.name, logicalId, place, given: (property: string) => given(resource, property) }
    return { resource, attributes: kind?.attributes ?? {}, named, id: kind?.id(named) }
  }
  const references: References = {
    ref: (id) => pseudoParameters.get(id) ?? find(id).id ?? stack.parameter?.(id),
    attribute: (logicalId, attribute) => {
      const { resource, attributes, named, id } = find(logicalId)
      if (resource && typeOf(resource) === 'Custom') return provided.get(logicalId)?.[attribute]
      if (resource?.Type === 'AWS::ApiGatewayV2::Api' && attribute === 'ApiEndpoint')
        return endpoints?.get(logicalId) ?? endpoint
      return id !== undefined && Object.hasOwn(attributes, attribute) ? attributes[attribute]?.(id, named) : undefined
    },
    mapping: (map, first, second) => template.Mappings?.[map]?.[first]?.[second],
    condition: (condition) => {
      const found = template.Conditions?.[condition]
      return found === undefined ? undefined : resolve(found, `The condition ${condition}`) === true
    },
  }
  const resolve: Resolve = createResolver(references)
  const given = (resource: Resource | undefined, property: string) => {
    try {
      return resolve(resource?.Properties?.[property], '')
    } catch {
      // An object: no name.
      return {}
    }
  }
  return references
}

/** Custom resources of ours: what others provide would change an account. */
export const ownCustomResources = ['Custom::Jwks', 'Custom::Clients']

// What ours provide is awaited.
const isGuessed = (resource: Resource | undefined) =>
  resource !== undefined && !ownCustomResources.includes(resource.Type)

/** What stands for resources that are not served, where only their names are needed: in variables and policies. */
export function guessReferences(
  references: References,
  { name: stack, template, place = localPlace }: Stack,
): References {
  const nameOf = (logicalId: string) => {
    const { Type = '', Properties = {} } = template.Resources[logicalId] ?? {}
    const [, service = '', kind = ''] = Type.split('::')
    const given = Object.entries(Properties).find(([property]) => property === `${kind}Name`)?.[1]
    const id = textOf(given) ?? `${stack}-${logicalId}`.slice(-63)
    return { service: service.toLowerCase(), id: service === 'S3' ? id.toLowerCase() : id }
  }
  const arnFor = (logicalId: string) => {
    const { service, id } = nameOf(logicalId)
    return service === 's3' ? `arn:aws:s3:::${id}` : arn(service, id, place)
  }
  return {
    ...references,
    // What another stack exports is not there.
    unknown: (name, argument) => `${name.replace('Fn::', '')}-${typeof argument === 'string' ? argument : stack}`,
    ref: (id) => references.ref(id) ?? (template.Resources[id] && refTo(id)),
    attribute: (logicalId, attribute) => {
      const known = references.attribute(logicalId, attribute)
      if (known !== undefined || !isGuessed(template.Resources[logicalId])) return known
      return attribute.endsWith('Arn') ? arnFor(logicalId) : `${nameOf(logicalId).id}.${attribute}`
    },
  }

  function refTo(logicalId: string): string {
    const { service, id } = nameOf(logicalId)
    if (service === 'sqs') return `https://sqs.${place.region}.amazonaws.com/${place.account}/${id}`
    return ['sns', 'stepfunctions', 'cognito'].includes(service) ? arnFor(logicalId) : id
  }
}
