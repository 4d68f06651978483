import { servedServices } from '../../local/aws/iam.ts'
import { misuse } from '../line/misuse.ts'
import type { Options } from '../line/options.ts'

/** The options of `start` about someone's app. */
export const appOptions = {
  app: {
    type: 'string',
    value: 'COMMAND',
    about: 'How the app is synthesised. Default: its own cdk synth.',
  },
  stack: { type: 'string', value: 'NAME', about: 'The stack, where several have a TokenAuth.' },
  endpoint: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'SERVICE=URL',
    about: 'Where a service is that is not served here: s3=http://127.0.0.1:9000.',
  },
  watch: { type: 'boolean', default: false, about: 'Serves changes of the app as soon as they are saved.' },
} as const satisfies Options

/** How someone's app is to be served. */
export type AppLine = {
  /** Where the app is. */
  readonly folder: string
  /** A command that synthesises it. @default its own `cdk synth` */
  readonly app?: string | undefined
  /** The stack to serve. @default the one that has a TokenAuth */
  readonly stack?: string | undefined
  /** The port of the API with the log-in; other APIs get those after it. 0 takes free ones. */
  readonly port: number
  readonly data: string
  /** CDK context. */
  readonly context: Readonly<Record<string, string>>
  /** Whether the addresses are printed as JSON. */
  readonly json: boolean
  /** Names beside localhost that requests may be sent to. */
  readonly hosts: readonly string[]
  readonly reset: boolean
  /** Where services are that are not served here, by their names. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Whether a change of the app's files is served as soon as it is saved. */
  readonly watch: boolean
}

/** Reads `--endpoint SERVICE=URL …`. @throws Misuse for one of another form, or that leads to a real account. */
export function readEndpoints(given: readonly string[]): AppLine['endpoints'] {
  return Object.fromEntries(given.map(readEndpoint))
}

function readEndpoint(given: string): readonly [service: string, url: string] {
  const [, name = '', address = ''] = /^([\w-]+)=(.+)$/s.exec(given) ?? []
  const service = name.toLowerCase()
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol))
    return misuse(`--endpoint takes SERVICE=URL, such as s3=http://127.0.0.1:9000, not ${given}.`)
  if (servedServices.includes(service)) misuse(`--endpoint: ${service} is served here already.`)
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws)\.?$/.test(url.hostname))
    misuse(`--endpoint: ${url.hostname} is AWS itself, and no function here may reach a real account.`)
  // A bucket goes before a name, and into the path after an address.
  if (service === 's3' && url.hostname === 'localhost') url.hostname = '127.0.0.1'
  return [service, url.href.replace(/\/$/, '')]
}
