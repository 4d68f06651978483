import { misuse } from './line/misuse.ts'
import { type Options, readContext } from './line/options.ts'
import type { LocalOptions } from './server/open-functions.ts'

export const portOption = {
  port: { type: 'string', default: '3000', value: 'PORT', about: 'The port; 0 takes a free one.' },
} as const satisfies Options

export const dataOption = {
  data: { type: 'string', default: '.local', value: 'DIR', about: 'The folder of users, keys and mails.' },
} as const satisfies Options

type Values = { readonly port: string; readonly data: string; readonly context: readonly string[] }

/** Reads what all commands on localhost take. @throws Misuse with what is allowed. */
export function readLocalOptions({ port, data, context }: Values): LocalOptions {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) misuse(`--port takes a number from 0 to 65535, not ${port}.`)
  if (data === '') misuse('--data takes the name of a folder.')
  return { port: Number(port), data, context: readContext(context) }
}
