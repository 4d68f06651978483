import { askSynthesiser, synthesiser } from '../synthesiser/ask.ts'
import type { Made, Question } from '../synthesiser/synthesise.ts'

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
export function synthesise(
  context: Question['context'] = {},
  target: Question['target'] = 'AWS',
): Promise<Synthesised> {
  const key = JSON.stringify([context, target])
  const stack = known.get(key) ?? make({ context, target }).then(readStack)
  known.set(key, stack)
  return stack
}

export type Synthesised = ReturnType<typeof readStack>

async function make(question: Question): Promise<Made> {
  const elsewhere = synthesiser()
  if (elsewhere !== undefined) return askSynthesiser(elsewhere, question)
  const { synthesiseHere } = await import('../synthesiser/synthesise.ts')
  return synthesiseHere(question)
}

function readStack({ template, tags, terminationProtection }: Made) {
  const resources = template.Resources as Readonly<Record<string, Resource>>
  const outputs = template.Outputs
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type)
  return {
    template,
    outputs,
    tags,
    terminationProtection,
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
