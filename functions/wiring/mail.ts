import { randomBytes } from 'node:crypto'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createDynamoDbCodes } from '../adapters/dynamodb/codes.ts'
import { createSendEvent, type InvokeOptions } from '../adapters/lambda/invoke.ts'
import type { Clock } from '../domain/clock.ts'
import { type Codes, createCodes } from '../domain/codes/codes.ts'
import type { SendEvent } from '../domain/invoke-function.ts'
import type { Notify, RequestCode } from '../domain/mail/mail-event.ts'
import { Unavailable } from '../domain/unavailable.ts'

/** Codes and their tickets in the one table. */
export const wireCodes = (client: DynamoDBDocumentClient, tableName: string, clock: Clock): Codes =>
  createCodes({ store: createDynamoDbCodes(client, tableName), randomBytes, clock })

type Options = Pick<InvokeOptions, 'client' | 'environment' | 'timeLimit'>

/** Mails by the function of this name. */
export function wireMail(functionName: string, options: Options): { requestCode: RequestCode; notify: Notify } {
  const sendEvent = createSendEvent({ ...options, functionName })
  return {
    requestCode: async (request) => {
      if (!(await sendEvent(request))) throw noMail()
    },
    notify: notifyBy(sendEvent),
  }
}

/**
 * Notices by the function of this name. Without one, nobody is told anything. What sends them is loaded with the first
 * one, because the functions that people wait for most rarely have something to tell.
 */
export function wireNotify(functionName: string | null, options: Options): Notify {
  if (functionName === null) return async () => ({})
  return notifyBy(sendLater(functionName, options))
}

/** The request of a code by the function of this name, for a function that rarely asks for one: as `wireNotify` does. */
export const wireRequestCode =
  (functionName: string, options: Options): RequestCode =>
  async (request) => {
    if (!(await sendLater(functionName, options)(request))) throw noMail()
  }

const sendLater =
  (functionName: string, options: Options): SendEvent =>
  async (event) => {
    const invoke = await import('../adapters/lambda/invoke.ts')
    return invoke.createSendEvent({ ...options, functionName })(event)
  }

const noMail = () => new Unavailable('No mail can be asked for.')

// Whatever fails, such as credentials to sign with, the notice is lost and nothing else.
const notifyBy =
  (sendEvent: SendEvent): Notify =>
  async (notice) =>
    (await sendEvent(notice).catch(() => false)) ? {} : { notice: 'lost' }
