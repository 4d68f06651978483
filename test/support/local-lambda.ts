import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLambda, type LocalFunction } from '../../infra/local/lambda/lambda.ts'

export const region = 'eu-central-1'
export const account = '123456789012'

/** A function as a stack describes it, its bundle one file with this source. */
export function localFunction(source: string, changes: Partial<LocalFunction> = {}): LocalFunction {
  const codeDirectory = mkdtempSync(join(tmpdir(), 'code-'))
  writeFileSync(join(codeDirectory, 'index.mjs'), source)
  const credentials = { accessKeyId: 'ASIAGREETER', secretAccessKey: 'secret', sessionToken: 'session' }
  const resources = { timeout: 10, memory: 128, environment: {}, credentials, region }
  return { name: 'greeter', codeDirectory, handler: 'index.handler', ...resources, ...changes }
}

/** A Lambda with these functions, and all lines that they have logged. */
export function startLambda(functions: readonly LocalFunction[], endpoint = 'http://127.0.0.1:9') {
  const lines: string[] = []
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const lambda = createLambda(functions, { endpoint, account, log })
  return { ...lambda, lines, [Symbol.asyncDispose]: lambda.close }
}
