import { createApp } from '../../../infra/create-app.ts'

type Resource = {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

export type Statement = {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

type FunctionProperties = {
  readonly Role: { readonly 'Fn::GetAtt': readonly [string, string] }
  readonly LoggingConfig: { readonly LogGroup: { readonly Ref: string } }
  readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> }
}

const known = new Map<string, Promise<Synthesised>>()

/** The stack as it would be deployed with these settings. Synthesised once for each set of them. */
export function synthesise(context: Readonly<Record<string, unknown>> = {}): Promise<Synthesised> {
  const key = JSON.stringify(context)
  const stack = known.get(key) ?? createApp(context).then((app) => readStack(app.synth().stacks[0]))
  known.set(key, stack)
  return stack
}

export type Synthesised = ReturnType<typeof readStack>

type Artifact = ReturnType<Awaited<ReturnType<typeof createApp>>['synth']>['stacks'][number]

function readStack(stack: Artifact | undefined) {
  if (!stack) throw new Error('The app has no stack.')
  const resources: Readonly<Record<string, Resource>> = stack.template.Resources
  const outputs: Readonly<Record<string, unknown>> = stack.template.Outputs
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type)
  return {
    outputs,
    tags: stack.tags,
    terminationProtection: stack.terminationProtection ?? false,
    resources,
    ofType,
    /** The resource of a type that has no second of its kind, with its logical id. */
    only: (type: string) => {
      const [found, ...more] = ofType(type)
      if (!found || more.length > 0) throw new Error(`There is not exactly one ${type}.`)
      return { id: found[0], ...found[1] }
    },
    lambda: (name: string) => readFunction(resources[name], name),
    /** What the policies of a role allow or deny. */
    statementsOf: (role: string) =>
      ofType('AWS::IAM::Policy')
        .map(
          ([, { Properties }]) =>
            Properties as { Roles: readonly object[]; PolicyDocument: { Statement: Statement[] } },
        )
        .filter(({ Roles }) => JSON.stringify(Roles) === JSON.stringify([{ Ref: role }]))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  }
}

function readFunction(resource: Resource | undefined, name: string) {
  if (resource?.Type !== 'AWS::Lambda::Function') throw new Error(`There is no function ${name}.`)
  const { Role, LoggingConfig, Environment } = resource.Properties as FunctionProperties
  return {
    role: Role['Fn::GetAtt'][0],
    logGroup: LoggingConfig.LogGroup.Ref,
    variables: Environment?.Variables ?? {},
    dependsOn: resource.DependsOn ?? [],
  }
}
