import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { refuse } from '../../local/refusal.ts'

type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

/** The password exactly as it is sent, without its line end: one line of standard input, or asked for twice. */
export function readNewPassword(terminal: Terminal): Promise<string> {
  return terminal.input.isTTY ? askTwice(terminal) : readLine(terminal.input)
}

/** A password that exists, as `readNewPassword` reads a new one, but asked for only once. */
export function readOldPassword(terminal: Terminal): Promise<string> {
  return terminal.input.isTTY ? onTerminal(terminal, (ask) => ask('Password: ')) : readLine(terminal.input)
}

async function readLine(input: NodeJS.ReadableStream): Promise<string> {
  const bytes = await buffer(input)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    refuse('The password on standard input is not UTF-8.')
  }
  const password = text.replace(/\r?\n$/, '')
  if (password === '') refuse('There is no password on standard input: give it as one line.')
  if (password.includes('\n')) refuse('There is more than one line on standard input: give only the password.')
  return password
}

type AskFor = (question: string) => Promise<string>

const askTwice = (terminal: Terminal): Promise<string> =>
  onTerminal(terminal, async (ask) => {
    const password = await ask('Password: ')
    if (password === (await ask('Once more: '))) return password
    return refuse('The two passwords differ.')
  })

async function onTerminal({ input, output }: Terminal, read: (ask: AskFor) => Promise<string>): Promise<string> {
  // readline edits what is typed and does not show it.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: silent, terminal: true })
  const giveUp = () => refuse('No password was given.')
  const closed = once(lines, 'close').then(giveUp)
  const ask = async (question: string) => {
    const answer = Promise.race([lines.question('').catch(giveUp), closed])
    output.write(question)
    const given = await answer
    output.write('\n')
    return given
  }
  try {
    return await read(ask)
  } finally {
    lines.close()
  }
}
