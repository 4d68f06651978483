import type { Invoke } from '../local/lambda/lambda.ts'
import { refuse } from '../local/refusal.ts'

type AdminAnswer = {
  readonly ok: boolean
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: string
  readonly error_description?: string
}

/** Gives a command to the admin function. @throws Error where the function failed. */
export async function askAdmin(command: object, invoke: Invoke): Promise<AdminAnswer> {
  const { payload, functionError } = await invoke('admin', JSON.stringify(command))
  return functionError ? refuse(`The function admin failed: ${payload}`) : JSON.parse(payload)
}
