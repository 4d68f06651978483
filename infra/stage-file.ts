import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The settings of a stage that are kept in `latchkey.STAGE.json`, so that no deployment forgets them. None where there is
 * no such file.
 * @throws Error for a file that is not a JSON object, or that names a stage.
 */
export function readStageFile(folder: string, stage: string): Readonly<Record<string, unknown>> {
  const name = `latchkey.${stage}.json`
  const file = join(folder, name)
  if (!/^\w+$/.test(stage) || !existsSync(file)) return {}
  const settings = parse(readFileSync(file, 'utf8'), name)
  if (Object.hasOwn(settings, 'stage')) throw new Error(`${name}: leave out stage, which is in the name of the file.`)
  return settings
}

function parse(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  throw new Error(`${name}: an object with settings is expected.`)
}
