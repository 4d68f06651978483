import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbCodes } from '../adapters/dynamodb/codes.ts'
import { createSendEvent, type InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { Clock } from '../domain/clock.ts'
import { type Codes, createCodes } from '../domain/codes/codes.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import { Unavailable } from '../domain/unavailable.ts'

/** Codes and their tickets in the one table. */
export const wireCodes = (client: DynamoDBDocumentClient, tableName: string, clock: Clock): Codes =>
  createCodes({ store: createDynamoDbCodes(client, tableName), randomBytes, clock })

type Options = Pick<InvokeOptions, 'client' | 'environment'>

/** Mails by the function of this name. */
export function wireMail(functionName: string, options: Options): { requestCode: RequestCode; notify: Notify } {
  const sendEvent = createSendEvent({ ...options, functionName })
  return {
    requestCode: async (request) => {
      if (!(await sendEvent(request))) throw new Unavailable('No mail can be asked for.')
    },
    notify: async (notice) => ((await sendEvent(notice)) ? {} : { notice: 'lost' }),
  }
}

/** Notices by the function of this name. Without one, nobody is told anything. */
export const wireNotify = (functionName: string | null, options: Options): Notify =>
  functionName === null ? async () => ({}) : wireMail(functionName, options).notify
