import { expect, test } from '@jest/globals'
import { endpoint } from '../../functions/http/endpoint.ts'
import { context, httpEvent } from '../support/events.ts'
import { type Synthesised, synthesise } from '../support/stack.ts'

type Filter = {
  readonly LogGroupName: { readonly Ref: string }
  readonly FilterPattern: string
  readonly MetricTransformations: readonly { readonly MetricName: string; readonly MetricNamespace: string }[]
}

const filters = (stack: Synthesised) =>
  stack.ofType('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties as Filter)

/** Reads a line as CloudWatch Logs would, as far as our patterns go: one field, a text, a star at its end. */
function matches(pattern: string, line: string): boolean {
  const [, field = '', text = '', star] = /^\{ \$\.(\w+) = "(\w+)(\*?)" \}$/.exec(pattern) ?? []
  if (!field) throw new Error(`No one here can read the pattern ${pattern}.`)
  const value = JSON.parse(line)[field]
  return star ? `${value}`.startsWith(text) : value === text
}

/** What a line in the log of a function counts as. */
function countsOf(stack: Synthesised, name: string, line: string): readonly string[] {
  const { logGroup } = stack.lambda(name)
  const hits = filters(stack).filter(({ LogGroupName, FilterPattern }) => {
    return LogGroupName.Ref === logGroup && matches(FilterPattern, line)
  })
  return hits.flatMap(({ MetricTransformations }) => MetricTransformations.map(({ MetricName }) => MetricName)).sort()
}

/** The line that a request leaves in the log. */
async function lineOf(event: string): Promise<string> {
  const lines: string[] = []
  const answer = { status: 200, body: {}, audit: { event, outcome: 'success' } } as const
  const fault = async () => Promise.reject(new Error('out of order'))
  const handle = endpoint(event === 'sys_crash' ? fault : async () => answer, (line) => lines.push(line))
  await handle(httpEvent('GET /'), context)
  return lines.join()
}

test.each([
  ['login', 'authn_login_success', ['LoginAttempts']],
  ['login', 'authn_login_fail', ['LoginAttempts', 'LoginFailures']],
  ['login', 'authn_login_lock', ['LoginAttempts', 'LoginLocks']],
  ['login', 'sys_crash', ['Faults']],
  ['authorizer', 'authz_fail', ['RefusedTokens']],
  ['authorizer', 'authz_success', []],
  ['discovery', 'discovery_read', []],
  ['discovery', 'sys_crash', ['Faults']],
])('a line of %s that says %s counts as %j', async (name, event, counts) => {
  expect(countsOf(await synthesise(), name, await lineOf(event))).toEqual(counts)
})

test('counts of one deployment have a namespace to themselves', async () => {
  const namespaces = async (stage: string) =>
    new Set(filters(await synthesise({ stage })).map(({ MetricTransformations: [to] }) => to?.MetricNamespace))

  expect(await namespaces('sandbox')).toEqual(new Set(['Latchkey-sandbox/Auth']))
  expect(await namespaces('prod')).toEqual(new Set(['Latchkey-prod/Auth']))
})

test('a count is one metric, however many reasons there are, and none while nothing happens', async () => {
  for (const { MetricTransformations } of filters(await synthesise())) {
    expect(MetricTransformations.map((made) => Object.keys(made))).toEqual([
      ['MetricName', 'MetricNamespace', 'MetricValue'],
    ])
  }
})
