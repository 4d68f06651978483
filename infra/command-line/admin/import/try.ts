import { refuse } from '../../../local/refusal.ts'
import { type Ask, resultOf } from '../answer.ts'
import { type FormSettings, isFilled, isMembers } from './forms/form.ts'
import { readUserLines, refuseWrongFile, type UserLine } from './user-file.ts'

// Spelled in another way it is still the same name, as at log-in.
const foldName = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFKC').trim()

async function findLine(file: string, name: string, forms: FormSettings): Promise<UserLine> {
  await refuseWrongFile(file)
  const wanted = foldName(name)
  for await (const line of readUserLines(file, forms)) {
    if (line.username !== undefined && foldName(line.username) === wanted) return line
  }
  return refuse(`No line of the file has the name ${name}.`)
}

type TryOutcome = { readonly line: number; readonly has_hash: boolean; readonly matches: boolean }

/**
 * Whether a password is the one of a user in a file, by the hash that would be imported. Nothing is written.
 * @throws Error that says why the line cannot be imported.
 */
export async function tryPassword(
  file: string,
  name: string,
  forms: FormSettings,
  password: string,
  ask: Ask,
): Promise<TryOutcome> {
  const found = await findLine(file, name, forms)
  if ('wrong' in found) return refuse(`line ${found.line}: ${found.wrong}`)
  const answer = await resultOf(ask({ command: 'try-password', user: found.user, password }))
  const has_hash = isMembers(found.user) && isFilled(found.user['password_hash'])
  return { line: found.line, has_hash, matches: answer['matches'] === true }
}

/** The outcome for a person. */
export function formatTry({ line, has_hash, matches }: TryOutcome): string {
  if (matches) return `line ${line}: the password matches.`
  if (!has_hash) return `line ${line}: this user has no password hash.`
  return `line ${line}: the password does not match.
If it is the right password, the hash was made in a way that the file does not tell:
- Firebase: the parameters are of another project.
- Django: a hash that begins with ! means that there is no password.
- Flask-Security, and Devise with a pepper: a secret key is mixed into passwords. Such a hash cannot be checked elsewhere.
  Use the setting \`migration\` instead, which asks the old system (docs/migration.md).`
}
