import type { Principal } from '../aws/aws-endpoint.ts'
import type { LocalParameter } from '../aws/parameters.ts'
import type { LocalSecret } from '../aws/secrets.ts'
import type { References } from './intrinsics.ts'
import { type Parts, readAll, type Values } from './parts.ts'
import { arn } from './physical-ids.ts'
import { resourcesIn } from './roles.ts'

const nameIn = (arnOf: string, service: string): string | undefined =>
  new RegExp(`^arn:aws[\\w-]*:${service}(.+)$`).exec(arnOf)?.[1]

/** The parameters of SSM: the template's, and those of the owner's file, where roles say which are needed. */
export function readParameters(parts: Parts, principals: readonly Principal[]): readonly LocalParameter[] {
  const { values } = parts.stack
  const own = readAll('AWS::SSM::Parameter', readParameter, parts)
  const policies = principals.flatMap((principal) => principal.policies)
  for (const resource of resourcesIn(policies, /^ssm:GetParameters?$/i)) {
    const path = nameIn(resource, 'ssm:[^:]*:[^:]*:parameter/')
    const isNamed = path !== undefined && !/[*?]/.test(path)
    if (isNamed && !own.some(({ name }) => name.replace(/^\//, '') === path))
      values?.find('parameters', path.includes('/') ? `/${path}` : path)
  }
  const given = (values?.all('parameters') ?? []).map(([name, value]) => ({ name, value }))
  return [...given, ...own.filter(({ name }) => !given.some((other) => other.name === name))]
}

function readParameter(id: string, { read, references }: Parts): LocalParameter {
  return { name: String(references.ref(id)), value: read('AWS::SSM::Parameter', id).Value }
}

/** The secrets of Secrets Manager: the template's, and those of the owner's file, where roles say which are needed. */
export function readSecrets(parts: Parts, principals: readonly Principal[]): readonly LocalSecret[] {
  const { values } = parts.stack
  const own = readAll('AWS::SecretsManager::Secret', readSecret, parts).flat()
  const policies = principals.flatMap((principal) => principal.policies)
  const named = resourcesIn(policies, /^secretsmanager:GetSecretValue$/i).flatMap((resource) => {
    const tail = nameIn(resource, 'secretsmanager:[^:]*:[^:]*:secret:')
    const name = tail?.replace(/-\?{6}$/, '')
    return name === undefined || /[*?]/.test(name) || own.some(({ arn: known }) => known === resource) ? [] : [name]
  })
  for (const name of named) values?.find('secrets', name)
  const given = (values?.all('secrets') ?? []).filter(([name]) => !own.some((secret) => secret.name === name))
  return [...own, ...given.map(([name, value]) => ({ name, value, arn: arnFor(name, parts) }))]
}

// A complete ARN has six characters after the name, and then the file has them too.
const arnFor = (name: string, { place }: Parts): string =>
  arn('secretsmanager', `secret:${/-[A-Za-z0-9]{6}$/.test(name) ? name : `${name}-latchk`}`, place)

function readSecret(id: string, { read, references, stack: { values } }: Parts): readonly LocalSecret[] {
  const { SecretString } = read('AWS::SecretsManager::Secret', id)
  const arnOf = String(references.ref(id))
  const name = (nameIn(arnOf, 'secretsmanager:[^:]*:[^:]*:secret:') ?? '').replace(/-.{6}$/, '')
  const given = values?.all('secrets').find(([other]) => other === name)?.[1]
  // What AWS would generate is the owner's to choose.
  const value = given ?? SecretString ?? values?.find('secrets', name)
  return value === undefined ? [] : [{ name, arn: arnOf, value }]
}

const dynamic = /\{\{resolve:(ssm|ssm-secure|secretsmanager):((?:arn:[^}]*?:secret:)?[^:}]+)(?::([^}]*))?\}\}/g

/** Puts the owner's values in the place of CloudFormation's dynamic references, such as `{{resolve:ssm:NAME}}`. */
export function resolveDynamically(references: References, values: Values | undefined): References {
  const { text = (found: string) => found } = references
  return {
    ...references,
    text: (found) =>
      text(found).replaceAll(dynamic, (_, service: string, id: string, rest: string | undefined) =>
        service === 'secretsmanager' ? memberOf(id, rest, values) : (values?.find('parameters', id) ?? ''),
      ),
  }
}

function memberOf(id: string, rest: string | undefined, values: Values | undefined): string {
  const [, member] = (rest ?? '').split(':')
  const value = values?.find('secrets', id.replace(/^.*:secret:/, '')) ?? ''
  try {
    return member ? String(JSON.parse(value)[member] ?? '') : value
  } catch {
    return value
  }
}
