import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { DomainOptions } from './domain/domain-options.ts'
import { functionSpecs } from './function-specs.ts'
import { LambdaFunction, type Retention } from './lambda-function.ts'
import type { Generation } from './settings/setting-schemas.ts'
import type { Settings } from './settings/settings.ts'

type SigningKeysProps = Pick<Settings, 'generations' | 'signingGeneration' | 'retire'> &
  Retention & {
    /** What the issuer is the address of. Dropping it ends all tokens too, so it is guarded as the keys are. */
    readonly domain?: Pick<DomainOptions, 'name' | 'hostedZone'> | undefined
  }

/** One KMS key for each accepted generation; the private halves never leave KMS, the public ones are read at deploy time. */
export class SigningKeys extends Construct {
  readonly signingKeyId: string
  readonly signingKid: string
  /** The JWK Set of all accepted generations, as JSON. */
  readonly jwks: string
  private readonly keyArns: string[]

  constructor(scope: Construct, id: string, props: SigningKeysProps) {
    super(scope, id)
    const keys = new Map(props.generations.map((each) => [each.name, createKey(this, each, props)]))
    const signingKey = keys.get(props.signingGeneration)
    if (!signingKey) throw new Error(`signingGeneration: one of the generations, not ${props.signingGeneration}`)
    this.signingKeyId = signingKey.keyId
    this.keyArns = [...keys.values()].map(({ keyArn }) => keyArn)
    const published = publish(this, [...keys], signingKey.keyArn, props)
    this.jwks = published.getAttString('Jwks')
    this.signingKid = published.getAttString('SigningKid')
  }

  /**
   * Allows the grantee to sign access tokens with every accepted generation, not only the current one: CloudFormation
   * changes a role before its function, which for those seconds still signs with the previous generation.
   */
  grantSign({ grantPrincipal }: IGrantable): void {
    const conditions = { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256', 'kms:MessageType': 'DIGEST' }
    const { keyArns: resources } = this
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['kms:Sign'], resources, conditions: { StringEquals: conditions } }),
    )
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['kms:GetPublicKey'], resources }))
  }
}

function createKey(scope: Construct, { name, keySpec }: Generation, { removalPolicy }: SigningKeysProps): Key {
  return new Key(scope, `key-${name}`, {
    description: `Signs access tokens, generation ${name}`,
    keySpec: KeySpec[keySpec],
    keyUsage: KeyUsage.SIGN_VERIFY,
    pendingWindow: Duration.days(7),
    removalPolicy,
  })
}

function publish(
  scope: Construct,
  keys: readonly (readonly [name: string, key: Key])[],
  SigningKeyArn: string,
  { retire, domain, ...retention }: SigningKeysProps,
) {
  const spec = functionSpecs.find(({ owner }) => owner === 'keys')
  if (!spec) throw new Error('No function reads the public keys.')
  const KeyArns = keys.map(([, { keyArn }]) => keyArn)
  const reader = new LambdaFunction(scope, { spec, environment: {}, ...retention })
  reader.addToRolePolicy(new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: KeyArns }))
  // Only a rollback may drop what was added a moment ago, and nothing else tells the two apart.
  reader.addToRolePolicy(
    new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(scope).stackId] }),
  )
  return new CustomResource(scope, 'JwkSet', {
    resourceType: 'Custom::Jwks',
    serviceToken: reader.functionArn,
    serviceTimeout: Duration.minutes(2),
    properties: {
      KeyArns,
      SigningKeyArn,
      Generations: keys.map(([name]) => name),
      Retire: retire,
      Domain: domain?.name,
      Zone: domain?.hostedZone?.hostedZoneId,
      Protect: String(retention.removalPolicy !== RemovalPolicy.DESTROY),
    },
  })
}
