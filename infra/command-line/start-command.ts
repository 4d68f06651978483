import { createCommand } from './line/command.ts'
import { misuse } from './line/misuse.ts'
import { commonOptions, settingOption } from './line/options.ts'
import { dataOption, portOption, readLocalOptions } from './local-options.ts'

export const start = createCommand(
  {
    name: 'start',
    summary: 'Serves the stack on localhost.',
    runsFunctions: true,
    about: `Serves the stack on localhost until Ctrl-C: what cdk deploy would put into AWS, with the same functions and roles.
Users, keys and mails are kept in a folder. See docs/local.md.`,
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
      json: { type: 'boolean', default: false, about: 'Prints the addresses as one line of JSON, once it listens.' },
      ...commonOptions,
    },
  },
  async ({ host: hosts, reset, json, ...values }, _, streams) => {
    const unreadable = hosts.find((host) => !isHostName(host))
    if (unreadable !== undefined) misuse(`--host takes a name or an IPv4 address without a port, not ${unreadable}.`)
    const line = { ...readLocalOptions(values), hosts, reset, json }
    // All that serves takes longer to load than to see that a line cannot be understood.
    const { serve } = await import('./start.ts')
    return await serve(line, streams)
  },
)

const isHostName = (text: string): boolean => /^[\w-]+(\.[\w-]+)*$/.test(text)
