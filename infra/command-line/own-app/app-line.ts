import { servedServices } from '../../local/aws/iam.ts'
import { refuse } from '../../local/refusal.ts'

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
  /** Names beside localhost that requests may be sent to. */
  readonly hosts: readonly string[]
  readonly reset: boolean
  /** Where services are that are not served here, by their names. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Whether a change of the app's files is served as soon as it is saved. */
  readonly watch: boolean
}

/** Reads `--endpoint SERVICE=URL …`. @throws Error for one of another form, or that leads to a real account. */
export function readEndpoints(given: readonly string[]): AppLine['endpoints'] {
  return Object.fromEntries(given.map(readEndpoint))
}

function readEndpoint(given: string): readonly [service: string, url: string] {
  const [, name = '', address = ''] = /^([\w-]+)=(.+)$/s.exec(given) ?? []
  const service = name.toLowerCase()
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol))
    return refuse(`--endpoint takes SERVICE=URL, such as s3=http://127.0.0.1:9000, not ${given}.`)
  if (servedServices.includes(service)) refuse(`--endpoint: ${service} is served here already.`)
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(url.hostname))
    refuse(`--endpoint: ${url.hostname} is AWS itself, and no function here may reach a real account.`)
  // A bucket goes before a name, and into the path after an address.
  if (service === 's3' && url.hostname === 'localhost') url.hostname = '127.0.0.1'
  return [service, url.href.replace(/\/$/, '')]
}
