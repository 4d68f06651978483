import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCommand } from './line/command.ts'
import { misuse } from './line/misuse.ts'
import { commonOptions, settingOption } from './line/options.ts'
import { dataOption, portOption, readLocalOptions } from './local-options.ts'
import { appOptions, readEndpoints } from './own-app/app-line.ts'

export const start = createCommand(
  {
    name: 'start',
    summary: 'Serves the stack on localhost.',
    runsFunctions: true,
    about: `Serves the stack on localhost until Ctrl-C: what cdk deploy would put into AWS, with the same functions and roles.
Users, keys and mails are kept in a folder. In a clone of Latchkey it is Latchkey's own stack (docs/local.md); in an app
with a TokenAuth, or with --app, it is the stack of the app (docs/own-app.md).`,
    operands: [],
    options: {
      ...portOption,
      ...dataOption,
      ...settingOption,
      host: {
        type: 'string',
        multiple: true,
        default: [] as string[],
        value: 'NAME',
        about: 'A name or address beside localhost that requests may be sent to; once for each.',
      },
      reset: { type: 'boolean', default: false, about: 'Forgets the users, keys and mails of before.' },
      ...appOptions,
      json: { type: 'boolean', default: false, about: 'Prints the addresses as one line of JSON, once it listens.' },
      ...commonOptions,
    },
  },
  async ({ host: hosts, reset, json, app, stack, endpoint, watch, ...values }, _, streams) => {
    const unreadable = hosts.find((host) => !isHostName(host))
    if (unreadable !== undefined) misuse(`--host takes a name or an IPv4 address without a port, not ${unreadable}.`)
    const line = { ...readLocalOptions(values), hosts, reset, json }
    if (!isClone || app !== undefined) {
      const endpoints = readEndpoints(endpoint)
      const { serveApp } = await import('./own-app/serve-app.ts')
      return await serveApp({ ...line, folder: process.cwd(), app, stack, endpoints, watch }, streams)
    }
    if (stack !== undefined || endpoint.length > 0 || watch)
      misuse("--stack, --endpoint and --watch are for someone's app: name its synthesis by --app.")
    // All that serves takes longer to load than to see that a line cannot be understood.
    const { serve } = await import('./start.ts')
    return await serve(line, streams)
  },
)

// The package holds no TypeScript.
const isClone = existsSync(join(import.meta.dirname, 'main.ts'))

const isHostName = (text: string): boolean => /^[\w-]+(\.[\w-]+)*$/.test(text)
