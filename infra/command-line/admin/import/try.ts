import { refuse } from '../../../local/refusal.ts'
import { type Ask, resultOf } from '../answer.ts'
import type { FormSettings } from './forms/form.ts'
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
): Promise<{ readonly line: number; readonly matches: boolean }> {
  const found = await findLine(file, name, forms)
  if ('wrong' in found) return refuse(`line ${found.line}: ${found.wrong}`)
  const answer = await resultOf(ask({ command: 'try-password', user: found.user, password }))
  return { line: found.line, matches: answer['matches'] === true }
}

/** The outcome for a person. */
export const formatTry = ({ line, matches }: { readonly line: number; readonly matches: boolean }): string =>
  matches
    ? `line ${line}: the password matches.`
    : `line ${line}: the password does not match. If it is the right one: the line may have no usable password, the parameters of Firebase may be others, or the system may mix a secret key into passwords, as Flask-Security and Devise with a pepper do: their hashes are of no use elsewhere, and the setting \`migration\` asks the old system instead.`
