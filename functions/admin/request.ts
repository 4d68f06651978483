import * as v from 'valibot'
import { allowedGroups, readGroups } from '../domain/accounts/groups.ts'
import { canonicalIdentifier, kindOf } from '../domain/accounts/identifier.ts'
import type { ForeignAccount } from '../domain/accounts/import-account.ts'
import { readSubject } from '../domain/accounts/subject.ts'
import { isApiKeyId } from '../domain/clients/api-key.ts'
import { fold } from '../domain/fold.ts'
import { isMailAddress } from '../domain/mail/address.ts'
import { readEnteredPassword, readPassword } from '../domain/passwords/password.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { readScope } from '../domain/scopes/scope.ts'

const maxPage = 1000

// A value as a reader of the domain parses it.
const readAs = <Input, T>(schema: v.GenericSchema<Input>, reader: (value: Input) => T | undefined, message: string) =>
  v.pipe(
    schema,
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = reader(dataset.value)
      if (value !== undefined) return value
      addIssue({ message })
      return NEVER
    }),
  )

const read = <T>(reader: (text: string) => T | undefined, message: string) => readAs(v.string(message), reader, message)

const wrongUsername = (member: string) => `${member} must be a string of 1 to 256 bytes without control characters.`
const username = read(canonicalIdentifier, wrongUsername('username'))
const newUsername = read(canonicalIdentifier, wrongUsername('new_username'))
// As typed: a subject is case-sensitive.
const anyIdentifier = read(
  (text) => (canonicalIdentifier(text) === undefined ? undefined : text),
  wrongUsername('username'),
)
const email = read(
  readMailAddress,
  'email must be a plain e-mail address such as ada@example.com, of at most 254 bytes.',
)
const wrongPassword = 'password must be a string of 1 to 256 characters without NUL.'
const password = read(readPassword, wrongPassword)
const enteredPassword = read(readEnteredPassword, wrongPassword)
const scope = read(readScope, 'scope must be a string of scope tokens with single spaces between them.')
const wrongGroups = `groups must be ${allowedGroups}: as a list, or as a string with single spaces between them.`
const groups = readAs(v.union([v.string(), v.array(v.string())], wrongGroups), readGroups, wrongGroups)
const someUsers = 'users must be a list of 1 to 1,000 users.'
const users = v.pipe(v.array(v.unknown(), someUsers), v.minLength(1, someUsers), v.maxLength(1000, someUsers))
const wrongCursor = (name: string, value: string) => `${name} must be the \`${value}\` value of a previous response.`
const readCursor = (text: string) => (canonicalIdentifier(text) === text ? text : undefined)
const from = read(readCursor, wrongCursor('from', 'next'))
const cursor = read(readCursor, wrongCursor('cursor', 'cursor'))
const wrongPrefix = 'prefix must be a string of at most 256 characters.'
const prefix = v.pipe(v.string(wrongPrefix), v.maxLength(256, wrongPrefix), v.transform(fold))
const wrongLimit = `limit must be an integer from 1 to ${maxPage}.`
const limit = v.pipe(
  v.number(wrongLimit),
  v.integer(wrongLimit),
  v.minValue(1, wrongLimit),
  v.maxValue(maxPage, wrongLimit),
)
const wrongClientId = 'client_id must be a string of 1 to 128 characters.'
const wrongTarget = 'for must be flask, django or phc.'
const target = v.picklist(['flask', 'django', 'phc'], wrongTarget)
const clientId = v.pipe(v.string(wrongClientId), v.minLength(1, wrongClientId), v.maxLength(128, wrongClientId))
const keyId = read(readKeyId, 'key_id must be the id of an API key, as list-api-keys prints it.')
const option = (name: string) => v.optional(v.boolean(`${name} must be true or false.`), false)

function readMailAddress(text: string): string | undefined {
  const address = canonicalIdentifier(text)
  return address !== undefined && isMailAddress(address) ? address : undefined
}

// Also as the client that it is, which is what logs and tokens name.
function readKeyId(text: string): string | undefined {
  const id = text.replace(/^lk_/, '')
  return isApiKeyId(id) ? id : undefined
}

const commands = [
  v.strictObject({ command: v.literal('create-user'), username, password, scope: v.optional(scope, '') }),
  v.strictObject({ command: v.literal('show-user'), username: anyIdentifier }),
  v.strictObject({
    command: v.literal('list-users'),
    prefix: v.optional(prefix, ''),
    limit: v.optional(limit, 100),
    cursor: v.optional(cursor),
  }),
  v.strictObject({ command: v.literal('rename-user'), username, new_username: newUsername }),
  v.strictObject({ command: v.literal('set-email'), username, email, verified: option('verified') }),
  v.strictObject({ command: v.literal('disable-user'), username }),
  v.strictObject({ command: v.literal('enable-user'), username }),
  v.strictObject({ command: v.literal('set-scopes'), username, scope }),
  v.strictObject({ command: v.literal('set-groups'), username, groups }),
  v.strictObject({ command: v.literal('set-password'), username, password }),
  v.strictObject({ command: v.literal('start-recovery'), username }),
  v.strictObject({ command: v.literal('reset-factors'), username }),
  v.strictObject({ command: v.literal('revoke-sessions'), username }),
  v.strictObject({ command: v.literal('delete-user'), username }),
  v.strictObject({
    command: v.literal('import-users'),
    users,
    restore: option('restore'),
    allow_personal_sub: option('allow_personal_sub'),
    update: option('update'),
    dry_run: option('dry_run'),
  }),
  v.strictObject({ command: v.literal('try-password'), user: v.unknown(), password: enteredPassword }),
  v.strictObject({ command: v.literal('export-users'), from: v.optional(from), for: v.optional(target) }),
  v.strictObject({ command: v.literal('put-client'), client: v.unknown() }),
  v.strictObject({ command: v.literal('list-clients') }),
  v.strictObject({ command: v.literal('delete-client'), client_id: clientId }),
  v.strictObject({ command: v.literal('rotate-client-secret'), client_id: clientId }),
  v.strictObject({ command: v.literal('list-api-keys'), username: anyIdentifier }),
  v.strictObject({ command: v.literal('revoke-api-key'), username: anyIdentifier, key_id: keyId }),
] as const

const names = commands.map(({ entries }) => entries.command.literal)

const command = v.variant('command', commands, `command must be one of ${names.join(', ')}.`)

/** One admin command: `{"command": …}` and its own members, no others, so that no event of API Gateway is one. */
export type AdminCommand = v.InferOutput<typeof command>

export type AdminRequestFailure = { readonly reason: 'malformed_command'; readonly description: string }

/** @returns the command, or the first thing that is wrong with it, without the value that was sent. */
export const readAdminCommand = (event: unknown): Result<AdminCommand, AdminRequestFailure> =>
  parse(command, event, 'this command')

// Also one that no mail can be sent to: the account may be there for long.
function readAddress(text: string): string | undefined {
  const address = canonicalIdentifier(text)
  return address !== undefined && kindOf(address) === 'email' ? address : undefined
}

const twoAddresses = 'email: the username is another e-mail address, and a user has one.'

const foreignUser = v.pipe(
  v.strictObject(
    {
      username,
      email: v.optional(v.nullable(read(readAddress, 'email must be an e-mail address.'))),
      email_verified: v.optional(v.boolean('email_verified must be true or false.'), false),
      // Absent, null or empty: an account without a password.
      password_hash: v.optional(v.nullable(v.string('password_hash must be a string.'))),
      scope: v.optional(scope, ''),
      groups: v.optional(v.nullable(groups)),
      disabled: v.optional(v.boolean('disabled must be true or false.'), false),
      sub: v.optional(
        read(
          readSubject,
          'sub must be a string of 1 to 128 printable ASCII characters without spaces, double quotes or backslashes.',
        ),
      ),
    },
    'A user must be an object.',
  ),
  v.check(({ username, email }) => !email || kindOf(username) === 'name' || email === username, twoAddresses),
  v.check(
    ({ username, email, email_verified }) => !email_verified || kindOf(email ?? username) === 'email',
    'email_verified: the user has no e-mail address.',
  ),
  v.transform(({ username, email, email_verified, password_hash, scope, groups, disabled, sub }) => ({
    ...{ username, email: email ?? undefined, emailVerified: email_verified },
    ...{ passwordHash: password_hash || undefined, scope, groups: groups ?? [], disabled, sub },
  })),
)

/** One of the users of `import-users`. */
export const readForeignAccount = (user: unknown): Result<ForeignAccount, AdminRequestFailure> =>
  parse(foreignUser, user, 'a user')

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): Result<T, AdminRequestFailure> {
  const parsed = v.safeParse(schema, value, { abortEarly: true })
  if (parsed.success) return succeed(parsed.output)
  return fail({ reason: 'malformed_command', description: describe(parsed.issues[0], what) })
}

function describe(issue: v.BaseIssue<unknown>, what: string): string {
  const member = issue.path?.map(({ key }) => String(key)).join('.')
  if (issue.type !== 'strict_object' || member === undefined) return issue.message
  return issue.expected === 'never' ? `${member} is not a member of ${what}.` : `${member} is missing.`
}
