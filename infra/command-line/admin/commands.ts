/** What a command does, and what stands after its name. */
export type Command = {
  readonly about: string
  readonly operand: 'NAME' | 'FILE'
  readonly options?: readonly Option[]
  readonly required?: Option
  readonly setsPassword?: boolean
}

type Option = 'scope' | 'from'

const password = 'The password is one line on standard input, or is asked for.'

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'create-user',
    {
      about: `Makes a user, who may be granted the scopes. ${password}`,
      operand: 'NAME',
      options: ['scope'],
      setsPassword: true,
    },
  ],
  ['show-user', { about: 'Shows a user.', operand: 'NAME' }],
  ['disable-user', { about: 'Keeps a user from logging in, and ends all sessions.', operand: 'NAME' }],
  ['enable-user', { about: 'Lets a user log in again.', operand: 'NAME' }],
  [
    'set-scopes',
    {
      about: 'Gives a user these scopes in the place of those before. "" gives none.',
      operand: 'NAME',
      options: ['scope'],
      required: 'scope',
    },
  ],
  [
    'set-password',
    {
      about: `Gives a user a password, ends all sessions and a lock of the log-in. ${password}`,
      operand: 'NAME',
      setsPassword: true,
    },
  ],
  ['revoke-sessions', { about: 'Ends all sessions of a user, who may log in again.', operand: 'NAME' }],
  ['delete-user', { about: 'Deletes a user for good, with all sessions. The name is free then.', operand: 'NAME' }],
  [
    'import-users',
    {
      about: `Makes users of a file with one JSON object a line: {"username","password_hash","scope"?,"disabled"?,"sub"?}.
  Who is there already is left alone, so it can be run again; --from starts at a line, counted from 1.`,
      operand: 'FILE',
      options: ['from'],
    },
  ],
  [
    'export-users',
    {
      about: 'Writes all users, hashes too, into a new file that only its owner can read, as import-users takes it.',
      operand: 'FILE',
    },
  ],
])

const placeholders = { scope: 'SCOPE …', from: 'LINE' }

function usageOf(name: string, { operand, options = [], required }: Command): string {
  const described = options.map((option) => {
    const value = option === 'scope' ? `"${placeholders.scope}"` : placeholders[option]
    return option === required ? `--${option} ${value}` : `[--${option} ${value}]`
  })
  return ['npm run admin --', name, operand, ...described].join(' ')
}

const commonHelp = `
  --stack NAME      works on a stack in AWS, with your credentials there
  --data DIR        works on localhost, as it does without --stack; the data folder, .local if none is named
  -c SETTING=VALUE  a setting, as npm start takes it; for when no server runs
  --json            prints the answer as JSON
  --help            prints this, after a command what it does`

/** How one command is used, or all of them. */
export function helpOn(name: string | undefined): string {
  const chosen = [...commands].filter(([each]) => each === name)
  const described = chosen.length > 0 ? chosen : [...commands]
  const lines = described.map(([each, command]) => `${usageOf(each, command)}\n  ${command.about}\n`)
  return `${lines.join('')}${commonHelp}\n`
}
