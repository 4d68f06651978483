import { createHash } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  Function as CdkFunction,
  Code,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { AssetHashType, DockerImage, Duration, type RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { FunctionSpec } from './function-spec.ts'

export type Retention = {
  readonly logRetention: RetentionDays
  readonly removalPolicy: RemovalPolicy
}

// The knee of the curve: argon2id takes 61 ms here, twice that with half of it, and hardly less with more.
const hashingMemory = 1024

type LambdaFunctionProps = Retention & {
  /** With the routes that are wanted only. */
  readonly spec: FunctionSpec
  readonly environment: Readonly<Record<string, string>>
  /** Files that stand beside its code, by the names that they have there. */
  readonly files?: Readonly<Record<string, string>>
  /** Concurrent calls, reserved in the account and never exceeded. @default 0, which sets no limit */
  readonly concurrency?: number
}

/** The function of a spec, with a role and a log group of its own; the role may write there and do nothing else. */
export class LambdaFunction extends CdkFunction {
  readonly spec: FunctionSpec

  constructor(scope: Construct, { spec, environment, files = {}, concurrency, ...retained }: LambdaFunctionProps) {
    const { logRetention: retention, removalPolicy } = retained
    const { name, id = name, description, hashesPasswords, timeout, eventAge } = spec
    const { memory = hashesPasswords ? hashingMemory : 256 } = spec
    const logGroup = new LogGroup(scope, `${id}-logs`, { retention, removalPolicy })
    const role = new Role(scope, `${id}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    super(scope, id, {
      description,
      code: codeWith(join(import.meta.dirname, '../../dist', name), files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory,
      timeout: Duration.seconds(timeout),
      ...(eventAge !== undefined && { maxEventAge: Duration.seconds(eventAge), retryAttempts: 2 }),
      ...(concurrency && { reservedConcurrentExecutions: concurrency }),
      environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    })
    this.spec = spec
    acknowledgeNoQueues(this)
  }
}

// Rules of cdk-nag's pack for serverless apps.
function acknowledgeNoQueues(lambda: LambdaFunction): void {
  const { eventAge } = lambda.spec
  const reason =
    eventAge === undefined
      ? 'It is called synchronously: its caller has the answer, and there is no event to keep.'
      : `An event is of no use after ${eventAge} seconds, and an alarm goes off when one is given up.`
  acknowledge(lambda, 'Serverless-LambdaDLQ', reason)
  acknowledge(
    lambda,
    'Serverless-LambdaTracing',
    'A trace costs more than the call, and its log says how long each took.',
  )
  const events = lambda.node.tryFindChild('EventInvokeConfig')
  if (events) acknowledge(events, 'Serverless-LambdaAsyncFailureDestination', reason)
}

function codeWith(folder: string, files: Readonly<Record<string, string>>): Code {
  const entries = Object.entries(files)
  if (entries.length === 0) return Code.fromAsset(folder)
  const tryBundle = (outdir: string) => {
    cpSync(folder, outdir, { recursive: true })
    for (const [name, path] of entries) cpSync(path, join(outdir, name))
    return true
  }
  // CDK bundles no folder twice for the same options, and functions are no part of these.
  const environment = Object.fromEntries(entries.map(([name, path]) => [name, hashOf(path)]))
  const bundling = { image: DockerImage.fromRegistry('none'), local: { tryBundle }, environment }
  return Code.fromAsset(folder, { bundling, assetHashType: AssetHashType.OUTPUT })
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** The functions that are directly in a construct, in the order of their names. */
export const functionsIn = (scope: Construct): readonly LambdaFunction[] =>
  scope.node.children
    .filter((child) => child instanceof LambdaFunction)
    .toSorted((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
