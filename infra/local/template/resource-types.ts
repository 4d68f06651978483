import * as v from 'valibot'

type ResourceType = {
  /** Every property that changes what the stack does, with the values that are understood here. */
  readonly understood: v.GenericSchema
  /** Properties that are read past: they change nothing on localhost. */
  readonly withoutEffect?: readonly string[]
}

const document = v.strictObject({ Version: v.literal('2012-10-17'), Statement: v.array(v.unknown()) })
const texts = v.array(v.string())

// Only the roles decide who may use the key; a key policy that says more could deny what they allow.
const accountDecides = v.strictObject({
  Version: v.literal('2012-10-17'),
  Statement: v.tuple([
    v.strictObject({
      Effect: v.literal('Allow'),
      Action: v.literal('kms:*'),
      Principal: v.strictObject({ AWS: v.pipe(v.string(), v.endsWith(':root')) }),
      Resource: v.literal('*'),
    }),
  ]),
})

const routeSettings = v.strictObject({
  ThrottlingRateLimit: v.optional(v.number()),
  ThrottlingBurstLimit: v.optional(v.number()),
  DetailedMetricsEnabled: v.optional(v.boolean()),
})

export const resourceTypes = {
  'AWS::DynamoDB::GlobalTable': {
    understood: v.strictObject({
      KeySchema: v.array(v.strictObject({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) })),
      AttributeDefinitions: v.array(v.strictObject({ AttributeName: v.string(), AttributeType: v.string() })),
      BillingMode: v.literal('PAY_PER_REQUEST'),
    }),
    // DynamoDB deletes an expired item days late, so nothing may depend on it and here nothing deletes it at all.
    withoutEffect: ['TimeToLiveSpecification', 'Replicas', 'SSESpecification'],
  },
  'AWS::KMS::Key': {
    understood: v.variant('KeySpec', [
      v.strictObject({
        KeySpec: v.picklist(['RSA_2048', 'RSA_3072']),
        KeyUsage: v.literal('SIGN_VERIFY'),
        KeyPolicy: accountDecides,
      }),
      v.strictObject({
        KeySpec: v.optional(v.literal('SYMMETRIC_DEFAULT'), 'SYMMETRIC_DEFAULT'),
        KeyUsage: v.optional(v.literal('ENCRYPT_DECRYPT'), 'ENCRYPT_DECRYPT'),
        KeyPolicy: accountDecides,
        // What was encrypted before a rotation is decrypted after it too, so there is nothing to see of one here.
        EnableKeyRotation: v.optional(v.boolean(), false),
      }),
    ]),
    withoutEffect: ['Description', 'PendingWindowInDays', 'Tags'],
  },
  'AWS::Lambda::Function': {
    understood: v.strictObject({
      Runtime: v.literal('nodejs24.x'),
      Handler: v.string(),
      Code: v.strictObject({ S3Bucket: v.string(), S3Key: v.string() }),
      Role: v.string(),
      Environment: v.optional(v.strictObject({ Variables: v.record(v.string(), v.string()) }), { Variables: {} }),
      Timeout: v.optional(v.number(), 3),
      MemorySize: v.optional(v.number(), 128),
    }),
    // How much is set aside for a function is taken from the account's concurrency, and localhost has no such bound.
    withoutEffect: [
      'Architectures',
      'Description',
      'LoggingConfig',
      'ReservedConcurrentExecutions',
      'Tags',
      'TracingConfig',
    ],
  },
  'AWS::Lambda::Permission': {
    understood: v.strictObject({
      Action: v.literal('lambda:InvokeFunction'),
      Principal: v.string(),
      FunctionName: v.string(),
      SourceArn: v.optional(v.string(), '*'),
    }),
  },
  'AWS::IAM::Role': {
    understood: v.strictObject({
      Policies: v.optional(v.array(v.strictObject({ PolicyName: v.string(), PolicyDocument: document })), []),
    }),
    withoutEffect: ['AssumeRolePolicyDocument', 'Description', 'Tags'],
  },
  'AWS::IAM::Policy': {
    understood: v.strictObject({ PolicyName: v.string(), PolicyDocument: document, Roles: texts }),
  },
  'AWS::ApiGatewayV2::Api': {
    understood: v.strictObject({
      ProtocolType: v.literal('HTTP'),
      CorsConfiguration: v.optional(
        v.strictObject({
          AllowOrigins: v.optional(texts, []),
          AllowMethods: v.optional(texts, []),
          AllowHeaders: v.optional(texts, []),
          ExposeHeaders: v.optional(texts, []),
          AllowCredentials: v.optional(v.boolean(), false),
          MaxAge: v.optional(v.number()),
        }),
      ),
      DisableExecuteApiEndpoint: v.optional(v.boolean(), false),
    }),
    withoutEffect: ['Name', 'Description', 'Tags'],
  },
  'AWS::ApiGatewayV2::Route': {
    understood: v.strictObject({
      ApiId: v.string(),
      RouteKey: v.string(),
      Target: v.string(),
      AuthorizationType: v.picklist(['NONE', 'CUSTOM', 'JWT']),
      AuthorizerId: v.optional(v.string()),
      AuthorizationScopes: v.optional(texts, []),
    }),
  },
  'AWS::ApiGatewayV2::Integration': {
    understood: v.strictObject({
      ApiId: v.string(),
      IntegrationType: v.literal('AWS_PROXY'),
      IntegrationUri: v.string(),
      PayloadFormatVersion: v.literal('2.0'),
      TimeoutInMillis: v.optional(v.number(), 30_000),
    }),
  },
  'AWS::ApiGatewayV2::Authorizer': {
    understood: v.variant('AuthorizerType', [
      v.strictObject({
        ApiId: v.string(),
        AuthorizerType: v.literal('REQUEST'),
        AuthorizerUri: v.string(),
        AuthorizerPayloadFormatVersion: v.literal('2.0'),
        EnableSimpleResponses: v.literal(true),
        AuthorizerResultTtlInSeconds: v.optional(v.number(), 300),
        IdentitySource: texts,
      }),
      v.strictObject({
        ApiId: v.string(),
        AuthorizerType: v.literal('JWT'),
        IdentitySource: v.strictTuple([v.string()]),
        JwtConfiguration: v.strictObject({ Issuer: v.string(), Audience: texts }),
      }),
    ]),
    withoutEffect: ['Name'],
  },
  'AWS::ApiGatewayV2::Stage': {
    understood: v.strictObject({
      ApiId: v.string(),
      StageName: v.literal('$default'),
      AutoDeploy: v.literal(true),
      DefaultRouteSettings: v.optional(routeSettings, {}),
      RouteSettings: v.optional(v.record(v.string(), routeSettings), {}),
    }),
    withoutEffect: ['AccessLogSettings', 'Description', 'Tags'],
  },
  'AWS::SES::EmailIdentity': {
    understood: v.strictObject({ EmailIdentity: v.string() }),
    // Proofs to the world that a mail is genuine, and where its bounces go. Here no mail leaves the machine.
    withoutEffect: [
      'ConfigurationSetAttributes',
      'DkimAttributes',
      'DkimSigningAttributes',
      'FeedbackAttributes',
      'MailFromAttributes',
      'Tags',
    ],
  },
  // Tracking is not among the properties: it would rewrite what a mail says.
  'AWS::SES::ConfigurationSet': {
    understood: v.strictObject({
      Name: v.optional(v.string()),
      SendingOptions: v.optional(v.strictObject({ SendingEnabled: v.literal(true) })),
    }),
    withoutEffect: ['DeliveryOptions', 'ReputationOptions', 'SuppressionOptions', 'Tags'],
  },
  // Only at the root of a domain, which the address of the server stands for: a base path would change the paths.
  'AWS::ApiGatewayV2::ApiMapping': {
    understood: v.strictObject({ ApiId: v.string(), Stage: v.literal('$default') }),
    withoutEffect: ['DomainName'],
  },
  Custom: { understood: v.looseObject({ ServiceToken: v.string() }) },
} as const satisfies Readonly<Record<string, ResourceType>>

/** Types that only watch, describe, or lead to the API by another name: nothing on localhost differs without them. */
export const typesWithoutEffect: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::DomainName',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::KMS::Alias',
  // An event that fails is logged and not repeated here.
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Route53::RecordSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
])

export type TypeName = keyof typeof resourceTypes
export type Properties<T extends TypeName> = v.InferOutput<(typeof resourceTypes)[T]['understood']>

export const isTypeName = (type: string): type is TypeName => Object.hasOwn(resourceTypes, type)
