import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../../domain/clock.ts'
import { chooseLanguage } from '../../domain/mail/language.ts'
import type { Occasion } from '../../domain/mail/mail-event.ts'

/** What mails say about a request. `source` is the address that its attempts are counted under. */
export const occasionOf = (
  { headers }: APIGatewayProxyEventV2,
  source: string,
  clock: Clock,
  uiLocales?: string,
): Occasion => ({
  time: Math.floor(clock()),
  source,
  language: chooseLanguage({ uiLocales, acceptLanguage: headers?.['accept-language'] }),
})
