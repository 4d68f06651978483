import * as v from 'valibot'
import { readPassword } from '../domain/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scope.ts'
import { canonicalUsername } from '../domain/username.ts'

// A text that a reader of the domain takes, as what it makes of it.
const read = <T>(reader: (text: string) => T | undefined, message: string) =>
  v.pipe(
    v.string(message),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = reader(dataset.value)
      if (value !== undefined) return value
      addIssue({ message })
      return NEVER
    }),
  )

const username = read(canonicalUsername, 'username must be a text of 1 to 256 bytes without control characters.')
const password = read(readPassword, 'password must be a text of 1 to 256 characters without NUL.')
const scope = read(readScope, 'scope must be a text of scope tokens with single spaces between them.')

const command = v.variant(
  'command',
  [
    v.strictObject({ command: v.literal('create-user'), username, password, scope: v.optional(scope, '') }),
    v.strictObject({ command: v.literal('show-user'), username }),
    v.strictObject({ command: v.literal('disable-user'), username }),
    v.strictObject({ command: v.literal('enable-user'), username }),
    v.strictObject({ command: v.literal('revoke-sessions'), username }),
    v.strictObject({ command: v.literal('delete-user'), username }),
  ],
  'command must be create-user, show-user, disable-user, enable-user, revoke-sessions or delete-user.',
)

/** One admin command: `{"command": …}` and its own members, no others; so an event of API Gateway is none. */
export type AdminCommand = v.InferOutput<typeof command>

export type AdminRequestFailure = { readonly reason: 'malformed_command'; readonly description: string }

/** @returns the command, or the first thing that is wrong with it, without any value that was sent. */
export function readAdminCommand(event: unknown): Result<AdminCommand, AdminRequestFailure> {
  const parsed = v.safeParse(command, event, { abortEarly: true })
  if (parsed.success) return succeed(parsed.output)
  return fail({ reason: 'malformed_command', description: describe(parsed.issues[0]) })
}

function describe(issue: v.BaseIssue<unknown>): string {
  const member = issue.path?.map(({ key }) => String(key)).join('.')
  if (issue.type !== 'strict_object') return issue.message
  return issue.expected === 'never'
    ? `${member} is not a member of this command.`
    : `${member ?? 'The command'} is missing.`
}
