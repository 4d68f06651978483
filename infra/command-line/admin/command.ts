import { didYouMean } from '../line/closest.ts'
import type { Command } from '../line/command.ts'
import { misuse } from '../line/misuse.ts'
import { commands, helpOn } from './commands.ts'

export const admin: Command = {
  name: 'admin',
  summary: 'Creates, changes, imports and lists users and clients, in AWS or on localhost.',
  runsFunctions: false,
  help: ([name]) => {
    if (name !== undefined && !commands.has(name))
      misuse(`Unknown command ${name}.${didYouMean(name, [...commands.keys()])}`)
    return helpOn(name)
  },
  run: async (args, streams) => {
    const { runAdmin } = await import('./admin.ts')
    return await runAdmin(args, streams)
  },
}
