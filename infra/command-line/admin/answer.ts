import type { Invocation } from '../../local/lambda/lambda.ts'
import { refuse } from '../../local/refusal.ts'

/** What the admin function answers. */
export type Answer =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string; readonly error_description: string }

/** Gives one command to the admin function. @throws Error where the function failed, with what it logged. */
export type Ask = (request: Readonly<Record<string, unknown>>) => Promise<Answer>

type Invoke = (payload: string) => Promise<Invocation>

export const createAsk =
  (invoke: Invoke, logged: readonly string[]): Ask =>
  async (request) => {
    const before = logged.length
    const { payload, functionError } = await invoke(JSON.stringify(request))
    if (functionError) refuse(`${logged.slice(before).join('')}The function admin failed: ${payload}`)
    return JSON.parse(payload)
  }

/** The result of a command that must succeed for the rest to go on. */
export async function resultOf(answer: Promise<Answer>): Promise<Readonly<Record<string, unknown>>> {
  const given = await answer
  return given.ok ? given.result : refuse(given.error_description)
}
