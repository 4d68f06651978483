import type { MailEnvName } from '../../../functions/mail/env.ts'
import { sendingMail, tableName } from '../environment.ts'
import { defineFunction } from '../function-spec.ts'

const codes = ['registerCodes', 'recoverCodes', 'emailCodes', 'enrolCodes'] as const

export const spec = defineFunction<MailEnvName>({
  name: 'mail',
  description: 'Sends codes and notices; other functions invoke it and do not wait',
  provides: 'mail',
  isWanted: ({ emailFrom }) => emailFrom !== undefined,
  memory: 512,
  timeout: 15,
  // Of them 7 s for the old system, 2 s for the owner's texts and 3 s for SES.
  environment: (parts) => ({
    ...tableName(parts),
    ...sendingMail(parts),
    MAIL_HOOK: parts.invoked.mailHook?.functionArn ?? '-',
    MIGRATE_FUNCTION: parts.invoked.migration?.functionName ?? '-',
  }),
  invokes: ['mailHook', 'migration'],
  // It reads epochs among the sessions, and devices to tell the owner's requests from a stranger's.
  table: {
    GetItem: [...codes, 'accounts', 'identifiers', 'sessions', 'devices'],
    UpdateItem: [...codes, 'mailCounts'],
  },
  sendsMail: true,
  // The lifetime of a code.
  eventAge: 600,
  counts: ['FailedMails'],
  alarms: [{ id: 'DroppedMails', on: 'dropped events', says: 'A mail was given up after three tries.' }],
})
