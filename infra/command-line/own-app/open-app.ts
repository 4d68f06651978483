import { type LocalAccount, openAccount } from '../../local/account.ts'
import type { Principal } from '../../local/aws/aws-endpoint.ts'
import { endpointVariable } from '../../local/aws/unserved.ts'
import type { Invoke, Log } from '../../local/lambda/lambda.ts'
import type { LeftOut, Template } from '../../local/template/template.ts'
import { adminFunctionsOf } from '../../synthesis/app-assembly.ts'
import type { Assembly } from '../../synthesis/assembly.ts'
import type { AppLine } from './app-line.ts'
import { openValues, type ValuesFile } from './values-file.ts'

export type OpenApp = LocalAccount & {
  /** The function for the admin commands; `invoke` also knows it as `admin`. */
  readonly adminFunction: string
  readonly leftOut: readonly LeftOut[]
  readonly missing: readonly string[]
  readonly valuesFile: string
}

type OpenOptions = Pick<AppLine, 'data' | 'folder' | 'endpoints'> & {
  /** Where the APIs are reached, by logical ids. */
  readonly addresses: ReadonlyMap<string, string>
  readonly principals: readonly Principal[]
  readonly log: Log
}

/** Deploys the stack of someone's app here, without what is not served. */
export async function openApp(assembly: Assembly, options: OpenOptions): Promise<OpenApp> {
  const { data, folder, endpoints, addresses, principals, log } = options
  const leftOut: LeftOut[] = []
  const values = openValues(data)
  const variables = Object.entries(endpoints).map(([service, url]) => [endpointVariable(service), url])
  const account = await openAccount(assembly, {
    ...{ data, principals, log, values },
    endpoint: '',
    endpoints: addresses,
    leaveOut: (resource) => void leftOut.push(resource),
    parameter: (name) => findParameter(name, assembly.template, values),
    variables: Object.fromEntries(variables),
    sdkFrom: [folder, import.meta.dirname],
  })
  const [adminFunction = ''] = adminFunctionsOf(assembly)
  const invoke: Invoke = (name, payload) => account.invoke(name === 'admin' ? adminFunction : name, payload)
  return { ...account, invoke, adminFunction, leftOut, missing: values.tellMissing(), valuesFile: values.file }
}

/** What the owner has set for a parameter of the template, its default, or the SSM parameter that it names. */
function findParameter(name: string, { Parameters = {} }: Template, values: ValuesFile): string | undefined {
  const parameter = Object.hasOwn(Parameters, name) ? Parameters[name] : undefined
  if (!parameter) return undefined
  const { Type, Default } = parameter
  if (Type.startsWith('AWS::SSM::Parameter::Value')) return values.find('parameters', String(Default)) ?? ''
  const given = values.all('stackParameters').find(([other]) => other === name)?.[1]
  return given ?? (Default === undefined ? (values.find('stackParameters', name) ?? '') : String(Default))
}
