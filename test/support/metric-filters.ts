import type { Synthesised } from './builders/stack.ts'

type Filter = {
  readonly LogGroupName: { readonly Ref: string }
  readonly FilterPattern: string
  readonly MetricTransformations: readonly { readonly MetricName: string; readonly MetricNamespace: string }[]
}

export const metricFilters = (stack: Synthesised): readonly Filter[] =>
  stack.ofType('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties as Filter)

/** What a line in the log of a function counts as. */
export function countsOf(stack: Synthesised, name: string, line: string): readonly string[] {
  const { logGroup } = stack.lambda(name)
  const hits = metricFilters(stack).filter(
    ({ LogGroupName, FilterPattern }) => LogGroupName.Ref === logGroup && matches(FilterPattern, line),
  )
  return hits.flatMap(({ MetricTransformations }) => MetricTransformations.map(({ MetricName }) => MetricName)).sort()
}

/** Reads a line as CloudWatch Logs would, as far as our patterns go: one field, a number or a text, a star at its end. */
function matches(pattern: string, line: string): boolean {
  const [, field = '', number, text = '', star] = /^\{ \$\.(\w+) = (?:(\d+)|"(\w+)(\*?)") \}$/.exec(pattern) ?? []
  if (!field) throw new Error(`No one here can read the pattern ${pattern}.`)
  const value = JSON.parse(line)[field]
  if (number) return value === Number(number)
  return star ? `${value}`.startsWith(text) : value === text
}
