import { createCommand } from './line/command.ts'
import { commonOptions, settingOption } from './line/options.ts'
import { dataOption, portOption, readLocalOptions } from './local-options.ts'

export const invoke = createCommand(
  {
    name: 'invoke',
    summary: 'Gives an event to a function on localhost and prints its answer.',
    runsFunctions: true,
    about: `Gives an event to a function and prints its answer as JSON; what the function logs goes to standard error. EVENT.json
may be - for standard input. A server that runs with the folder is used as it is: --port and -c apply only without one.
The command fails where the function fails.`,
    operands: ['FUNCTION', 'EVENT.json'],
    options: { ...portOption, ...dataOption, ...settingOption, ...commonOptions },
  },
  async (values, [name = '', file = ''], streams) => {
    const options = readLocalOptions(values)
    const { invokeFunction } = await import('./invoke.ts')
    return await invokeFunction(name, file, options, streams)
  },
)
