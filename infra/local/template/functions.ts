import { statSync } from 'node:fs'
import type { LocalFunction } from '../lambda/lambda.ts'
import { refuse } from '../refusal.ts'
import type { References } from './intrinsics.ts'
import type { Properties } from './resource-types.ts'
import { idsOf, type LeaveOut, leaveOutOrRefuse, type Read, type Template } from './template.ts'

type FindAssetFolder = (s3Key: string) => string | undefined
type Credentials = LocalFunction['credentials']
type FunctionProperties = Properties<'AWS::Lambda::Function'>

type Context = References & {
  readonly template: Template
  readonly read: Read
  readonly region: string
  readonly assetFolder: FindAssetFolder
  readonly leaveOut: LeaveOut
}

export type StackFunctions = {
  /** The names of the functions that run here. */
  readonly names: readonly string[]
  readonly logicalId: (name: string) => string
  /** Why a function cannot run here, by its ARN. */
  readonly whyUnserved: (functionArn: string) => string | undefined
  readonly read: (name: string, credentials: Credentials | undefined) => LocalFunction
}

const type = 'AWS::Lambda::Function'

/** The template's functions; those that cannot run here are left out. */
export function createFunctions(context: Context): StackFunctions {
  const { template, ref, attribute, leaveOut } = context
  const all = idsOf(template, type).map((logicalId) => {
    const why = leaveOut && whyUnserved(logicalId, context)
    if (why !== undefined) leaveOut?.({ logicalId, type, why: `${why}: its routes answer 501` })
    return { logicalId, name: String(ref(logicalId)), arn: attribute(logicalId, 'Arn'), why }
  })
  const logicalIds = new Map(all.map(({ logicalId, name }) => [name, logicalId]))
  const logicalId = (name: string) => logicalIds.get(name) ?? refuse(`There is no function ${name} in the template.`)
  return {
    names: all.filter(({ why }) => why === undefined).map(({ name }) => name),
    logicalId,
    whyUnserved: (functionArn) => {
      const found = all.find(({ arn }) => arn === functionArn)
      return found || !leaveOut ? found?.why : `${functionArn} is not a function of this stack`
    },
    read: (name, credentials) => readFunction(name, logicalId(name), credentials, context),
  }
}

// Read as it stands: what its variables need may not be there yet.
function whyUnserved(logicalId: string, { template, read, assetFolder }: Context): string | undefined {
  const { Code, Runtime } = template.Resources[logicalId]?.Properties ?? {}
  const { S3Key, ZipFile } = Object(Code)
  if (typeof Runtime === 'string' && !isServed(Runtime)) return `${Runtime} does not run here`
  if (Object(Code).ImageUri !== undefined) return 'container images do not run here'
  const folder = typeof S3Key === 'string' ? assetFolder(S3Key) : undefined
  if (folder === undefined && ZipFile === undefined) return 'its code is not in the app'
  if (folder !== undefined && !statSync(folder).isDirectory()) return 'its code is an archive, not a folder'
  try {
    read(type, logicalId)
    return undefined
  } catch (error) {
    // What a custom resource gives is not there yet.
    return /Fn::GetAtt/.test(Object(error).message) ? undefined : Object(error).message
  }
}

const isServed = (runtime: string): boolean => /^nodejs\d\d\.x$/.test(runtime)

function readFunction(
  name: string,
  logicalId: string,
  credentials: Credentials | undefined,
  context: Context,
): LocalFunction {
  const properties = context.read(type, logicalId)
  const { Handler, Runtime, Environment, Timeout, MemorySize } = properties
  if (!isServed(Runtime)) refuse(`${logicalId} (${type}), Runtime: ${Runtime} does not run here.`)
  return {
    name,
    ...readCode(logicalId, properties, context),
    handler: Handler,
    runtime: Runtime,
    timeout: Timeout,
    memory: MemorySize,
    environment: Environment.Variables,
    credentials: credentials ?? refuse(`There is no function ${name} in the template.`),
    region: context.region,
  }
}

function readCode(logicalId: string, { Code, Layers }: FunctionProperties, context: Context) {
  const { template, read, ref, assetFolder, leaveOut } = context
  const ids = idsOf(template, 'AWS::Lambda::LayerVersion')
  const layers = Layers.flatMap((arn) => {
    const id = ids.find((layer) => ref(layer) === arn)
    const folder = id && assetFolder(read('AWS::Lambda::LayerVersion', id).Content.S3Key)
    if (folder !== undefined) return [folder]
    leaveOutOrRefuse({ logicalId, type, why: `its layer ${arn} is not in the app` }, leaveOut)
    return []
  })
  if (Code.ZipFile !== undefined) return { inline: Code.ZipFile, codeDirectory: '', layers }
  const codeDirectory = assetFolder(Code.S3Key ?? '') ?? refuse(`${logicalId}, Code: there is no asset ${Code.S3Key}.`)
  return { codeDirectory, layers }
}
