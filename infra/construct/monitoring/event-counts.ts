import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Names, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { functionsIn, type LambdaFunction } from '../lambda-function.ts'
import { countedEvents, type EventCount, type Line } from './counted-events.ts'

export const eventCount = (auth: Construct, metricName: EventCount, options?: MetricOptions): Metric =>
  new Metric({ namespace: namespaceOf(auth), metricName, statistic: 'Sum', ...options })

/** Whether some function's log lines are counted as this. */
export const isCounted = (functions: readonly LambdaFunction[], metricName: EventCount): boolean =>
  functions.some(({ spec }) => spec.counts?.includes(metricName))

/**
 * Creates the metrics of events in the logs of the functions in `owner`. Lines of several functions add up to one metric,
 * except those that are taken off the errors of one function.
 */
export function countEvents(auth: Construct, owner: Construct = auth): void {
  const filters = new Construct(owner, 'Counts')
  for (const { spec, logGroup, node } of functionsIn(owner)) {
    for (const metricName of spec.counts ?? []) {
      const metricNamespace = namespaceOf(metricName === 'UnauthorizedByError' ? owner : auth)
      const filterPattern = patternOf(countedEvents[metricName])
      new MetricFilter(filters, `${metricName}-${node.id}`, { logGroup, metricName, metricNamespace, filterPattern })
    }
  }
}

function patternOf(line: Line) {
  if ('event' in line) return FilterPattern.stringValue('$.event', '=', line.event)
  if ('reason' in line) return FilterPattern.stringValue('$.reason', '=', line.reason)
  if ('cause' in line) return FilterPattern.stringValue('$.cause', '=', line.cause)
  return FilterPattern.numberValue('$.status', '=', line.status)
}

// A metric from a log only has fields of the log as dimensions, so its namespace tells one deployment from another.
const namespaceOf = (auth: Construct): string => `${Stack.of(auth).stackName}/${Names.stackRelativeConstructPath(auth)}`
