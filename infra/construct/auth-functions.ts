import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { AuthTable } from './auth-table.ts'
import type { FactorKey } from './factors/factor-key.ts'
import type { FunctionSpec, Invoked, Parts } from './function-spec.ts'
import { LambdaFunction, type Retention } from './lambda-function.ts'
import type { MailSender } from './mail/mail-sender.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What functions are made from, and what grants them what their specs ask for. */
export type FunctionParts = Omit<Parts, 'invoked'> & {
  readonly table: Pick<AuthTable, 'tableName' | 'grantItems'>
  readonly keys: Parts['keys'] & Pick<SigningKeys, 'grantSign'>
  readonly mail: MailSender | undefined
  readonly factorKey: FactorKey | undefined
}

type Created = {
  readonly authorizer: LambdaFunction
  readonly admin: LambdaFunction
  readonly discovery: LambdaFunction | undefined
}

/**
 * Creates the functions that the settings ask for, each with the rights that its spec names. `owned` are functions of the
 * owner's.
 * @throws Error where there is not exactly one authorizer and one admin function.
 */
export function createAuthFunctions(
  scope: Construct,
  specs: readonly FunctionSpec[],
  parts: FunctionParts,
  owned: Pick<Invoked, 'oldSystem' | 'mailHook' | 'claims'>,
  retention: Retention,
): Created {
  const wanted = specs.filter(
    ({ owner = 'auth', isWanted }) => owner === 'auth' && (isWanted?.(parts.settings) ?? true),
  )
  const create = (spec: FunctionSpec, invoked: Invoked = {}) => {
    const created = createFunction(scope, spec, { ...parts, invoked }, retention)
    for (const name of spec.invokes ?? []) grantInvoke(created, invoked[name])
    const grants = typeof spec.table === 'function' ? spec.table(parts.settings) : spec.table
    if (grants) parts.table.grantItems(created, grants)
    if (spec.sendsMail) senderOf(parts, spec).grantSend(created)
    if (spec.signs) parts.keys.grantSign(created)
    if (spec.totpSecrets?.includes('encrypt')) parts.factorKey?.grantEncrypt(created)
    if (spec.totpSecrets?.includes('decrypt')) parts.factorKey?.grantDecrypt(created)
    return created
  }
  const authorizer = create(only(wanted, 'authorizer'))
  // Those that are invoked come first; the one that mails may ask the old system too.
  const migration = createIfWanted(wanted, 'migration', (spec) => create(spec, owned))
  const mail = createIfWanted(wanted, 'mail', (spec) => create(spec, { ...owned, migration }))
  const clientMetadata = createIfWanted(wanted, 'clientMetadata', create)
  const invoked = { ...owned, migration, mail, clientMetadata }
  for (const spec of wanted.filter(({ provides }) => provides === undefined)) {
    // In every deployment those who verify learn a new key before anyone signs with it.
    const created = create(spec, invoked)
    if (spec.signs) created.node.addDependency(authorizer)
  }
  const discovery = createIfWanted(wanted, 'discovery', create)
  return { authorizer, admin: create(only(wanted, 'admin'), invoked), discovery }
}

// Only as it is called: CDK's `grantInvoke` also allows each version and alias that a function may ever have.
function grantInvoke(caller: LambdaFunction, called: IFunction | undefined): void {
  if (!called) return
  const { functionArn } = called
  caller.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }))
}

function senderOf({ mail }: FunctionParts, { name }: FunctionSpec): MailSender {
  if (!mail) throw new Error(`${name} sends mails, so it is wanted only where emailFrom is set.`)
  return mail
}

function createIfWanted(
  wanted: readonly FunctionSpec[],
  provides: FunctionSpec['provides'],
  create: (spec: FunctionSpec) => LambdaFunction,
): LambdaFunction | undefined {
  return wanted.some((spec) => spec.provides === provides) ? create(only(wanted, provides)) : undefined
}

function createFunction(scope: Construct, spec: FunctionSpec, parts: Parts, retention: Retention): LambdaFunction {
  const { hashesPasswords, environment, files, routes = [], counts = [], invokes = [] } = spec
  const asksForClaims = invokes.includes('claims') && parts.invoked.claims !== undefined
  return new LambdaFunction(scope, {
    spec: {
      ...spec,
      routes: routes.filter(({ isWanted }) => isWanted?.(parts.settings) ?? true),
      counts: asksForClaims ? [...counts, 'FailedClaims'] : counts,
    },
    environment: environment(parts),
    files: files?.(parts.settings) ?? {},
    ...(hashesPasswords && { concurrency: parts.settings.loginConcurrency }),
    ...retention,
  })
}

function only(specs: readonly FunctionSpec[], provides: FunctionSpec['provides']): FunctionSpec {
  const [found, ...more] = specs.filter((spec) => spec.provides === provides)
  if (!found || more.length > 0) throw new Error(`These settings ask for ${more.length + 1} functions as ${provides}.`)
  return found
}
