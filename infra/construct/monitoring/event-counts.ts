import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Names, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { functionsIn } from '../lambda-function.ts'
import { countedEvents, type EventCount, type Line } from './counted-events.ts'

export const eventCount = (auth: Construct, metricName: EventCount, options?: MetricOptions): Metric =>
  new Metric({ namespace: namespaceOf(auth), metricName, statistic: 'Sum', ...options })

/** Creates the metrics of events in the functions' logs. Lines of several functions add up to one metric. */
export function countEvents(auth: Construct): void {
  const metricNamespace = namespaceOf(auth)
  const filters = new Construct(auth, 'Counts')
  for (const { spec, logGroup, node } of functionsIn(auth)) {
    for (const metricName of spec.counts ?? []) {
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
