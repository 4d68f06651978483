import type { SendMail, SendMailFailure } from '../domain/mail/send-mail.ts'
import { Unavailable } from '../domain/unavailable.ts'
import { logLine, type WriteLine } from '../http/log.ts'
import type { ComposeMail } from './compose-mail.ts'
import type { PlanCode } from './plan-code.ts'
import type { PlanNotice } from './plan-notice.ts'
import { readMailEvent } from './request.ts'

type MailDependencies = {
  readonly planCode: PlanCode
  readonly planNotice: PlanNotice
  readonly composeMail: ComposeMail
  readonly sendMail: SendMail
  readonly write: WriteLine
  readonly now: () => number
}

/**
 * Sends the mail of an event, if there is to be one. It has no route: other functions invoke it and do not wait, so that
 * nothing about an address shows in their responses. Each run writes one log line, and one more if the owner's texts could
 * not be used, without address, ticket or code.
 * @throws Unavailable where another try may succeed: Lambda then repeats the event.
 */
export function createMailHandler({ planCode, planNotice, composeMail, sendMail, write, now }: MailDependencies) {
  return async (input: unknown, { awsRequestId }: { readonly awsRequestId: string }): Promise<void> => {
    const event = readMailEvent(input)
    const log = (name: string, line: object) =>
      write(logLine(now(), { event: name, ...line, request_id: awsRequestId }))
    const kind = event.kind === 'code' ? event.purpose : event.kind
    const planned = event.kind === 'code' ? await planCode(event) : await planNotice(event)
    if (!planned.ok) return log('mail_skipped', { outcome: 'success', kind, ...planned.failure })

    const mail = planned.value
    const about = { kind: mail.kind, ...(mail.sub !== undefined && { sub: mail.sub }) }
    const { written, hookFailure } = await composeMail(mail, event.language)
    if (hookFailure) log('mail_hook_fail', { outcome: 'failure', ...about, ...hookFailure })
    const sent = await sendMail({ to: mail.to, ...written })
    if (sent.ok) return log('mail_sent', { outcome: 'success', ...about, message_id: sent.value.messageId })
    log('mail_fail', { outcome: 'failure', ...about, ...sent.failure })
    if (isRepeatable(sent.failure)) throw new Unavailable('The mail was not sent.')
  }
}

// After a lost response the mail may arrive twice. The code of the last one counts, and none is worse.
const isRepeatable = ({ reason }: SendMailFailure): boolean => reason !== 'refused'
