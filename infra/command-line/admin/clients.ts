import { readFile } from 'node:fs/promises'
import { refuse } from '../../local/refusal.ts'
import { printable } from '../terminal.ts'
import type { Answer } from './answer.ts'

type Metadata = Readonly<Record<string, unknown>>

type Output = { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream }

/** The JSON in a file. @throws Error that says what is wrong with it. */
export async function readClientFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => refuse(`${path}: ${Object(error).message}`))
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return refuse(`${path} must hold one client as a JSON object (docs/clients.md).`)
  }
}

/** The metadata of the one client that an answer is about; undefined for other answers. */
export const clientIn = (answer: Answer): Metadata | undefined =>
  answer.ok && 'client_id' in answer.result ? answer.result : undefined

/** A line for each member that says something; the secret last, with what there is to know about it. */
export function tellClient({ client_secret: secret, ...metadata }: Metadata, { stdout, stderr }: Output): void {
  stdout.write(Object.entries(metadata).map(lineOf).join(''))
  if (secret === undefined) return
  stdout.write(`client_secret: ${secret}\n`)
  stderr.write('Keep the secret now: it is shown this once.\n')
}

/** One client per line, the members separated by tabs. */
export function tellClients(clients: readonly Metadata[], { stdout }: Output): void {
  const lines = clients.map(({ client_id, client_name = '', token_endpoint_auth_method, first_party }) =>
    [client_id, client_name, token_endpoint_auth_method, ...(first_party ? ['first party'] : [])].join('\t'),
  )
  stdout.write(lines.map((line) => `${printable(line)}\n`).join(''))
}

function lineOf([name, value]: readonly [string, unknown]): string {
  if (name.endsWith('_at')) return `${name}: ${new Date(Number(value) * 1000).toISOString()}\n`
  return `${name}: ${printable(textOf(value))}\n`
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
