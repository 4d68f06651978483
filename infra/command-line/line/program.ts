// The package has JavaScript in place of this file.
const isClone = import.meta.url.endsWith('.ts')

/** How a command is called here: by npm in a clone, by npx where Latchkey is installed. */
export function programOf(command: string): string {
  if (!isClone) return `npx latchkey ${command}`
  return command === 'start' ? 'npm start --' : `npm run ${command} --`
}

/** How the command itself is called, with what all its commands have in common. */
export const program = isClone ? 'npm run latchkey --' : 'npx latchkey'
