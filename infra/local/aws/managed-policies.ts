import type { PolicyDocument } from './iam.ts'

const allow = (...Action: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})

const nothing: PolicyDocument = { Version: '2012-10-17', Statement: [] }
const reads = ['dynamodb:BatchGetItem', 'dynamodb:Describe*', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan']

/** What AWS's own policies allow of the services that are served, by their names. */
const managedPolicies: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: allow('*'),
  AmazonDynamoDBFullAccess: allow('dynamodb:*'),
  AmazonDynamoDBReadOnlyAccess: allow(...reads),
  AmazonEventBridgeFullAccess: nothing,
  AmazonS3FullAccess: nothing,
  AmazonS3ReadOnlyAccess: nothing,
  AmazonSESFullAccess: allow('ses:*'),
  AmazonSNSFullAccess: nothing,
  AmazonSQSFullAccess: nothing,
  AmazonSSMFullAccess: allow('ssm:*'),
  AmazonSSMReadOnlyAccess: allow('ssm:Get*'),
  AWSLambda_FullAccess: allow('lambda:*'),
  AWSXRayDaemonWriteAccess: nothing,
  AWSXrayWriteOnlyAccess: nothing,
  CloudWatchLambdaInsightsExecutionRolePolicy: nothing,
  CloudWatchLogsFullAccess: nothing,
  SecretsManagerReadWrite: allow('secretsmanager:*'),
  'service-role/AWSLambdaBasicExecutionRole': nothing,
  'service-role/AWSLambdaDynamoDBExecutionRole': nothing,
  'service-role/AWSLambdaENIManagementAccess': nothing,
  'service-role/AWSLambdaKinesisExecutionRole': nothing,
  'service-role/AWSLambdaMSKExecutionRole': nothing,
  'service-role/AWSLambdaRole': allow('lambda:InvokeFunction'),
  'service-role/AWSLambdaSQSQueueExecutionRole': nothing,
  'service-role/AWSLambdaVPCAccessExecutionRole': nothing,
}

/** One of AWS's own policies by its ARN; undefined for one that is not known here. */
export function findManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, name = ''] = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(arn) ?? []
  return Object.hasOwn(managedPolicies, name) ? managedPolicies[name] : undefined
}
