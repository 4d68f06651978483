import type { StackFunctions } from './functions.ts'
import type { References } from './intrinsics.ts'
import type { Place, Stack } from './physical-ids.ts'
import type { TypeName } from './resource-types.ts'
import { idsOf, type LeaveOut, type Read, type Template } from './template.ts'

type ValueKind = 'stackParameters' | 'parameters' | 'secrets'

/** What only the owner of an app knows: parameters of the template, of SSM, and secrets, each by its name. */
export type Values = {
  /** Undefined where there is none; from then on the name is missing. */
  readonly find: (kind: ValueKind, name: string) => string | undefined
  readonly all: (kind: ValueKind) => readonly (readonly [name: string, value: string])[]
}

export type StackOptions = Stack & {
  /** Finds the asset that CloudFormation knows by its S3 key. */
  readonly assetFolder: (s3Key: string) => string | undefined
  /** Takes each resource that is not served. @default it stops the start */
  readonly leaveOut?: LeaveOut
  /** What the owner has given. @default nothing */
  readonly values?: Values | undefined
}

/** What all readers of the stack share. */
export type Parts = {
  readonly stack: StackOptions
  readonly template: Template
  readonly place: Place
  readonly read: Read
  readonly references: References
  readonly functions: StackFunctions
}

/** Reads all resources of a type; one that is not understood is left out, because no route is guarded by it. */
export function readAll<T>(type: TypeName, readOne: (id: string, parts: Parts) => T, parts: Parts): readonly T[] {
  const { template, stack } = parts
  return idsOf(template, type).flatMap((logicalId) => {
    try {
      return [readOne(logicalId, parts)]
    } catch (error) {
      if (!stack.leaveOut || !(error instanceof Error)) throw error
      stack.leaveOut({ logicalId, type, why: error.message.replace(`${logicalId} (${type}), `, '').replace(/\.$/, '') })
      return []
    }
  })
}
