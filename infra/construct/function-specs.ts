import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionSpec } from './function-spec.ts'

// In the package this module is a list of imports that the build writes: infra/build/package.ts.
const folder = join(import.meta.dirname, 'functions')
const modules = await Promise.all(
  readdirSync(folder)
    .sort()
    .map((file): Promise<{ readonly spec: FunctionSpec }> => import(pathToFileURL(join(folder, file)).href)),
)

/** The specs of all Lambdas, in the order of their names: one for each file in functions/. */
export const functionSpecs: readonly FunctionSpec[] = modules.map(({ spec }) => spec)
