import { parseArgs } from 'node:util'
import { runProgram } from '../../local/run-command.ts'
import { readEndpoints } from './app-line.ts'
import { serveApp } from './serve-app.ts'

const options = {
  app: { type: 'string' },
  stack: { type: 'string' },
  port: { type: 'string', default: '3000' },
  data: { type: 'string', default: '.local' },
  host: { type: 'string', multiple: true, default: [] as string[] },
  endpoint: { type: 'string', multiple: true, default: [] as string[] },
  reset: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
} as const

export const startApp = (args: readonly string[]): Promise<void> =>
  runProgram(async () => {
    const { values } = parseArgs({ args: [...args], options })
    const { host: hosts, endpoint, port, ...others } = values
    const line = { ...others, folder: process.cwd(), port: Number(port), hosts, endpoints: readEndpoints(endpoint) }
    return serveApp(line, process.stdout)
  })
