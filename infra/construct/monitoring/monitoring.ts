import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'
import { functionsIn } from '../lambda-function.ts'
import type { MailSender } from '../mail/mail-sender.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { createAlarm, createAlarms } from './alarms.ts'
import type { AuthMetrics } from './auth-metrics.ts'
import { apiGraphs, createDashboard } from './dashboard.ts'

type Recipients = { readonly alarmTopic?: ITopic | undefined; readonly alarmEmail?: string | undefined }

/** Monitoring costs money, so it can be left out; but alarms that are to be sent need it. */
export function createMonitoring(
  auth: AuthMetrics,
  wanted: boolean,
  recipients: Recipients,
  mail: MailSender | undefined,
): Monitoring | undefined {
  if (wanted) return new Monitoring(auth, recipients, mail)
  if (recipients.alarmEmail === undefined && recipients.alarmTopic === undefined) return undefined
  throw new Error('monitoring: true where alarmEmail or alarmTopic is set, because otherwise no alarm is ever sent')
}

/** Alarms and one dashboard. Alarms are seen in the console and, where there is a recipient, sent. */
export class Monitoring extends Construct {
  private readonly alarms: Alarm[] = []
  private readonly dashboard: Dashboard
  private readonly topic: ITopic | undefined

  constructor(auth: AuthMetrics, recipients: Recipients, mail: MailSender | undefined) {
    super(auth, 'Monitoring')
    const functions = functionsIn(auth)
    this.topic = topicFor(this, recipients)
    for (const alarm of createAlarms(this, auth, functions, mail)) this.add(alarm)
    this.dashboard = createDashboard(this, auth, functions, mail, this.alarms)
  }

  /** Adds the responses of an API. */
  watchApi(api: HttpApi): void {
    const metric = api.metricServerError({ statistic: 'Sum' })
    const scope = new Construct(this, api.node.path.replaceAll('/', '-'))
    this.add(
      createAlarm(scope, 'ApiFaults', {
        metric,
        atLeast: 5,
        says: 'The API answered 5xx, five times or more in five minutes.',
      }),
    )
    this.dashboard.addWidgets(...apiGraphs(api))
  }

  private add(alarm: Alarm): void {
    this.alarms.push(alarm)
    if (this.topic) alarm.addAlarmAction(new SnsAction(this.topic))
  }
}

function topicFor(scope: Construct, { alarmTopic, alarmEmail }: Recipients): ITopic | undefined {
  if (alarmEmail === undefined) return alarmTopic
  const topic = alarmTopic ?? new AlarmTopic(scope, 'Topic')
  const subscription = topic.addSubscription(new EmailSubscription(alarmEmail))
  acknowledge(
    subscription,
    'Serverless-SNSRedrivePolicy',
    'The mail of an alarm that cannot be delivered is late anyway.',
  )
  return topic
}
