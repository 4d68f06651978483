import { join } from 'node:path'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

export type Retention = {
  readonly logRetention: RetentionDays
  readonly removalPolicy: RemovalPolicy
}

export type AuthFunctionProps<EnvName extends string> = Retention & {
  readonly description: string
  /** Exactly the variables that the function reads, so that a missing or misspelt one does not compile. */
  readonly environment: Readonly<Record<EnvName, string>>
  /** In megabytes. @default 256 */
  readonly memory?: number
  readonly timeout: Duration
  /** Calls at once, set aside in the account and never exceeded. @default 0, which sets no limit */
  readonly concurrency?: number
}

/** The function of the folder functions/<id>, with a role and a log group of its own; the role can write there and do nothing else. */
export class AuthFunction<EnvName extends string> extends LambdaFunction {
  constructor(scope: Construct, id: string, props: AuthFunctionProps<EnvName>) {
    const {
      logRetention: retention,
      removalPolicy,
      description,
      environment,
      memory = 256,
      timeout,
      concurrency,
    } = props
    const logGroup = new LogGroup(scope, `${id}-logs`, { retention, removalPolicy })
    const role = new Role(scope, `${id}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    super(scope, id, {
      description,
      code: Code.fromAsset(join(import.meta.dirname, '../../dist', id)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory,
      timeout,
      ...(concurrency && { reservedConcurrentExecutions: concurrency }),
      environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    })
  }
}

export type FunctionsByName = ReadonlyMap<string, AuthFunction<string>>

/** The functions that stand in a construct, not deeper. */
export function functionsIn(scope: Construct): FunctionsByName {
  const found = scope.node.children.filter((child) => child instanceof AuthFunction)
  return new Map(found.map((child) => [child.node.id, child]))
}
