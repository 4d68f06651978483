import * as v from 'valibot'
import typesWithoutEffect from './types-without-effect.json' with { type: 'json' }

export type ResourceType = {
  /** Every property that changes what the stack does, with the values that are understood here. */
  readonly understood: v.GenericSchema
  /** Properties that are read past: they change nothing on localhost. */
  readonly withoutEffect?: readonly string[]
  /** Properties that may name resources that are not served: no more of those is needed than a name. */
  readonly guessed?: readonly string[]
}

const document = v.strictObject({ Version: v.literal('2012-10-17'), Statement: v.array(v.unknown()) })
const texts = v.array(v.string())

const statement = v.looseObject({ Effect: v.literal('Allow') })
const ofAccount = v.strictObject({
  Effect: v.literal('Allow'),
  Action: v.literal('kms:*'),
  Principal: v.strictObject({ AWS: v.pipe(v.string(), v.endsWith(':root')) }),
  Resource: v.literal('*'),
})

// Only the roles decide who may use the key: a policy that denies could deny what they allow, and whom else it allows is
// not among the functions' roles.
const accountDecides = v.strictObject({
  Version: v.literal('2012-10-17'),
  Statement: v.tupleWithRest([ofAccount], statement),
})

const routeSettings = v.strictObject({
  ThrottlingRateLimit: v.optional(v.number()),
  ThrottlingBurstLimit: v.optional(v.number()),
  DetailedMetricsEnabled: v.optional(v.boolean()),
})

const keySchema = v.array(v.strictObject({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }))

// What capacity an index has is no part of what it does.
const index = v.object({
  IndexName: v.string(),
  KeySchema: keySchema,
  Projection: v.strictObject({ ProjectionType: v.string(), NonKeyAttributes: v.exactOptional(texts) }),
})

const table = {
  KeySchema: keySchema,
  AttributeDefinitions: v.array(v.strictObject({ AttributeName: v.string(), AttributeType: v.string() })),
  BillingMode: v.optional(v.string()),
  TableName: v.optional(v.string()),
  GlobalSecondaryIndexes: v.optional(v.array(index), []),
  LocalSecondaryIndexes: v.optional(v.array(index), []),
}

// DynamoDB deletes an expired item days late, so nothing may depend on it and here nothing deletes it at all.
const tableWithoutEffect = [
  ...['TimeToLiveSpecification', 'Replicas', 'SSESpecification', 'ProvisionedThroughput', 'OnDemandThroughput'],
  ...[
    'PointInTimeRecoverySpecification',
    'DeletionProtectionEnabled',
    'ContributorInsightsSpecification',
    'TableClass',
  ],
  ...['WriteProvisionedThroughputSettings', 'WriteOnDemandThroughputSettings', 'WarmThroughput', 'Tags'],
  // No function is called by a stream here.
  ...['StreamSpecification', 'KinesisStreamSpecification'],
]

export const resourceTypes = {
  'AWS::DynamoDB::GlobalTable': { understood: v.strictObject(table), withoutEffect: tableWithoutEffect },
  'AWS::DynamoDB::Table': { understood: v.strictObject(table), withoutEffect: tableWithoutEffect },
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
    withoutEffect: ['Description', 'PendingWindowInDays', 'RotationPeriodInDays', 'Tags'],
    guessed: ['KeyPolicy'],
  },
  'AWS::Lambda::Function': {
    understood: v.strictObject({
      // A container image has neither.
      Runtime: v.optional(v.string(), 'a container image'),
      Handler: v.optional(v.string(), ''),
      Code: v.strictObject({
        S3Bucket: v.optional(v.string()),
        S3Key: v.optional(v.string()),
        ZipFile: v.optional(v.string()),
        ImageUri: v.optional(v.string()),
      }),
      Role: v.string(),
      Environment: v.optional(v.strictObject({ Variables: v.record(v.string(), v.string()) }), { Variables: {} }),
      Timeout: v.optional(v.number(), 3),
      MemorySize: v.optional(v.number(), 128),
      FunctionName: v.optional(v.string()),
      Layers: v.optional(texts, []),
    }),
    // How much is set aside for a function is taken from the account's concurrency, and localhost has no such bound.
    withoutEffect: [
      ...['Architectures', 'CodeSigningConfigArn', 'DeadLetterConfig', 'Description', 'EphemeralStorage', 'KmsKeyArn'],
      ...['ImageConfig', 'LoggingConfig', 'PackageType', 'RecursiveLoop', 'ReservedConcurrentExecutions', 'SnapStart'],
      ...['RuntimeManagementConfig', 'Tags', 'TracingConfig', 'VpcConfig'],
    ],
    guessed: ['Code', 'Environment', 'Layers'],
  },
  'AWS::Lambda::Permission': {
    understood: v.strictObject({
      Action: v.picklist(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']),
      Principal: v.string(),
      FunctionName: v.string(),
      SourceArn: v.optional(v.string(), '*'),
      // API Gateway calls for an API, and names no account of its own.
      SourceAccount: v.optional(v.string()),
      PrincipalOrgID: v.optional(v.string()),
      EventSourceToken: v.optional(v.string()),
      FunctionUrlAuthType: v.optional(v.string()),
      InvokedViaFunctionUrl: v.optional(v.boolean()),
    }),
    guessed: ['FunctionName', 'SourceArn'],
  },
  // All code is there as it is now: an alias is its function.
  'AWS::Lambda::Alias': { understood: v.looseObject({ FunctionName: v.string() }) },
  'AWS::Lambda::Version': { understood: v.looseObject({ FunctionName: v.string() }) },
  'AWS::Lambda::LayerVersion': {
    understood: v.looseObject({ Content: v.looseObject({ S3Key: v.optional(v.string(), '') }) }),
    guessed: ['Content'],
  },
  'AWS::IAM::Role': {
    understood: v.strictObject({
      Policies: v.optional(v.array(v.strictObject({ PolicyName: v.string(), PolicyDocument: document })), []),
      ManagedPolicyArns: v.optional(texts, []),
      PermissionsBoundary: v.optional(v.string()),
    }),
    withoutEffect: [...['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Path', 'RoleName', 'Tags']],
    guessed: ['Policies', 'ManagedPolicyArns', 'PermissionsBoundary'],
  },
  'AWS::IAM::Policy': {
    understood: v.strictObject({
      PolicyName: v.string(),
      PolicyDocument: document,
      Roles: v.optional(texts, []),
      Users: v.optional(texts),
      Groups: v.optional(texts),
    }),
    guessed: ['PolicyDocument', 'Users', 'Groups'],
  },
  'AWS::IAM::ManagedPolicy': {
    understood: v.looseObject({ PolicyDocument: document, Roles: v.optional(texts, []) }),
    withoutEffect: ['Users', 'Groups', 'Description', 'Path', 'ManagedPolicyName'],
    guessed: ['PolicyDocument'],
  },
  'AWS::SSM::Parameter': {
    understood: v.looseObject({ Type: v.picklist(['String', 'StringList']), Value: v.string() }),
    guessed: ['Value'],
  },
  'AWS::SecretsManager::Secret': {
    understood: v.looseObject({ SecretString: v.optional(v.string()) }),
    withoutEffect: ['GenerateSecretString', 'KmsKeyId', 'ReplicaRegions'],
    guessed: ['SecretString'],
  },
  'AWS::ApiGatewayV2::Api': {
    understood: v.strictObject({
      ProtocolType: v.literal('HTTP'),
      RouteSelectionExpression: v.optional(v.literal('$request.method $request.path')),
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
    withoutEffect: ['Description', 'IntegrationMethod'],
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
      StageName: v.string(),
      DefaultRouteSettings: v.optional(routeSettings, {}),
      RouteSettings: v.optional(v.record(v.string(), routeSettings), {}),
      StageVariables: v.optional(v.record(v.string(), v.string()), {}),
    }),
    // Here every stage has the API as it is now.
    withoutEffect: ['AccessLogSettings', 'AutoDeploy', 'DeploymentId', 'Description', 'Tags'],
    guessed: ['StageVariables'],
  },
  'AWS::SES::EmailIdentity': {
    understood: v.strictObject({ EmailIdentity: v.string() }),
    // Proofs to the world that a mail is genuine, and where its bounces go. Here no mail leaves the machine.
    withoutEffect: [
      ...['ConfigurationSetAttributes', 'DkimAttributes', 'DkimSigningAttributes', 'FeedbackAttributes'],
      ...['MailFromAttributes', 'Tags'],
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
    understood: v.strictObject({ ApiId: v.string(), Stage: v.string() }),
    withoutEffect: ['DomainName'],
    guessed: ['ApiId', 'Stage'],
  },
  Custom: { understood: v.looseObject({ ServiceToken: v.string() }) },
} as const satisfies Readonly<Record<string, ResourceType>>

/** Whether nothing on localhost differs without a type: it only watches, describes, or leads to the API by another name. */
export const isWithoutEffect = (type: string): boolean => Object.hasOwn(typesWithoutEffect, type)

export type TypeName = keyof typeof resourceTypes
export type Properties<T extends TypeName> = v.InferOutput<(typeof resourceTypes)[T]['understood']>

export const isTypeName = (type: string): type is TypeName => Object.hasOwn(resourceTypes, type)
