import { program, programOf } from '../line/program.ts'

/** What a command does, and what its name is followed by. `[NAME]` is optional. */
export type Command = {
  readonly about: string
  readonly operands: readonly Operand[]
  readonly options?: readonly Option[]
  readonly required?: Option
  readonly setsPassword?: boolean
}

type Operand = 'NAME' | 'NAME-OR-SUB' | 'NEW' | 'ADDRESS' | 'FILE' | 'CLIENT-ID'

/** An option without a placeholder is a switch. */
export const placeholders = {
  scope: '"SCOPE …"',
  from: 'LINE',
  prefix: 'PREFIX',
  limit: 'NUMBER',
  cursor: 'CURSOR',
  verified: undefined,
  restore: undefined,
  'allow-personal-sub': undefined,
  'dry-run': undefined,
  update: undefined,
  try: 'NAME',
  'firebase-signer-key': 'BASE64',
  'firebase-salt-separator': 'BASE64',
  'firebase-rounds': 'NUMBER',
  'firebase-mem-cost': 'NUMBER',
  for: 'SYSTEM',
} as const

export type Option = keyof typeof placeholders

/** The hash parameters of a Firebase project: all of them, or none. */
export const firebaseOptions = [
  'firebase-signer-key',
  'firebase-salt-separator',
  'firebase-rounds',
  'firebase-mem-cost',
] as const satisfies readonly Option[]

const password = 'The password is one line on standard input, or is asked for.'

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'create-user',
    {
      about: `Creates a user with the scopes, if any. ${password}`,
      operands: ['NAME'],
      options: ['scope'],
      setsPassword: true,
    },
  ],
  ['show-user', { about: 'Shows a user.', operands: ['NAME-OR-SUB'] }],
  [
    'list-users',
    {
      about: `Lists users by name, 100 at a time or as many as --limit says (at most 1,000); --prefix lists only names that
  begin so. If there are more, it prints the cursor to go on from.`,
      operands: [],
      options: ['prefix', 'limit', 'cursor'],
    },
  ],
  [
    'rename-user',
    {
      about: 'Gives a user another name, or an address another address. Sub, password, scopes and sessions stay.',
      operands: ['NAME', 'NEW'],
    },
  ],
  [
    'set-email',
    {
      about: `Gives a user another e-mail address, or the first one. Both addresses are told, if mail is on. It is unverified
  unless --verified says that you know whose it is. Sub, password, scopes and sessions stay.`,
      operands: ['NAME', 'ADDRESS'],
      options: ['verified'],
    },
  ],
  ['disable-user', { about: 'Keeps a user from logging in, and ends all sessions.', operands: ['NAME'] }],
  ['enable-user', { about: 'Lets a user log in again.', operands: ['NAME'] }],
  [
    'set-scopes',
    {
      about: 'Replaces the scopes of a user. "" removes all.',
      operands: ['NAME'],
      options: ['scope'],
      required: 'scope',
    },
  ],
  [
    'set-password',
    {
      about: `Sets the password of a user, and ends all sessions and any lock of the log-in. ${password}`,
      operands: ['NAME'],
      setsPassword: true,
    },
  ],
  [
    'start-recovery',
    {
      about: `Mails a user a code for a new password, and sets nothing. It prints the ticket that belongs to the code: give it to
  the user, who needs both within 10 minutes. Only where mail is on.`,
      operands: ['NAME'],
    },
  ],
  [
    'reset-factors',
    {
      about: `Removes the authenticator app, passkeys and recovery codes of a user who has lost them, and ends all sessions. The
  user is told, if mail is on. The password stays.`,
      operands: ['NAME'],
    },
  ],
  ['revoke-sessions', { about: 'Ends all sessions of a user. The user may log in again.', operands: ['NAME'] }],
  ['delete-user', { about: 'Deletes a user with all sessions. The name is free then.', operands: ['NAME'] }],
  [
    'import-users',
    {
      about: `Creates users from a file with one JSON object per line:
  {"username","email"?,"email_verified"?,"password_hash"?,"scope"?,"disabled"?,"sub"?}, or a user of Firebase, Keycloak,
  Auth0, Supabase or Devise as these write it. Existing users are left unchanged, so it can be run again; --from starts at a line, counted from 1.
  --dry-run checks everything and writes nothing. --update changes the hashes of imported users who have not logged in here
  yet. --try NAME imports nothing: it checks one password, read as create-user reads it, against the line of that name.
  --restore gives a user the sub of a deleted account, which must have been the same person's. --allow-personal-sub takes a
  sub with an @, which stays in the table when the user is deleted. The hashes of Firebase need all four --firebase-…
  parameters, as its console shows them; the signer key stays on this machine.`,
      operands: ['FILE'],
      options: ['from', 'dry-run', 'update', 'try', 'restore', 'allow-personal-sub', ...firebaseOptions],
    },
  ],
  [
    'export-users',
    {
      about: `Writes all users, with their hashes, into a new file that only its owner can read, as import-users takes it. --for
  flask, django or phc writes each hash in the form that this system reads, and tells how many have none.`,
      operands: ['FILE'],
      options: ['for'],
    },
  ],
  [
    'put-client',
    {
      about: `Registers an OAuth client from a JSON file (docs/clients.md), or changes it. Where it needs a secret and has none, one
  is made and printed this once.`,
      operands: ['FILE'],
    },
  ],
  ['list-clients', { about: 'Lists the registered OAuth clients.', operands: [] }],
  [
    'delete-client',
    {
      about: `Deletes a client. Its codes and refresh tokens end at once, its access tokens when they expire.`,
      operands: ['CLIENT-ID'],
    },
  ],
  [
    'rotate-client-secret',
    {
      about: `Makes another secret for a client and prints it this once. The one before stays good until the next rotation, so that
  the client can be changed over.`,
      operands: ['CLIENT-ID'],
    },
  ],
])

const withValue = (option: Option): string => [`--${option}`, placeholders[option]].filter(Boolean).join(' ')

/** The line of a command. */
function usageOf(name: string, { operands, options = [], required }: Command): string {
  const described = options.map((option) => (option === required ? withValue(option) : `[${withValue(option)}]`))
  return [programOf('admin'), name, ...operands, ...described].join(' ')
}

const commonHelp = `
  --stack NAME      works on a stack in AWS, with your credentials there
  --function NAME   works on this admin function in AWS, where a stack has several
  --data DIR        works on localhost, as it does without --stack; the data folder, .local by default
  -c SETTING=VALUE  a setting, as for start; for when no server runs
  --json            prints the result as JSON
  --help            prints this help, after a command only what it does`

/** How to use one command, or all of them. */
export function helpOn(name: string | undefined): string {
  const chosen = [...commands].filter(([each]) => each === name)
  const described = chosen.length > 0 ? chosen : [...commands]
  const lines = described.map(([each, command]) => `${usageOf(each, command)}\n  ${command.about}\n`)
  return `${lines.join('')}${commonHelp}\n`
}

/** What to add to a complaint about a line: how the command is called that it names, or where all of them are listed. */
export function hintFor(args: readonly string[]): string {
  const [[name, command] = []] = [...commands].filter(([each]) => args.includes(each))
  return name && command ? usageOf(name, command) : `${program} help admin lists the commands.`
}
