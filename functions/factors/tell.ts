import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '../domain/clock.ts'
import type { Notice, Notify } from '../domain/mail/mail-event.ts'
import { occasionOf } from '../http/api/occasion.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'

export type TellDependencies = {
  readonly notify: Notify
  readonly readAddress: ReadSourceAddress
  readonly clock: Clock
}

/** Tells owners what was done to their factors. */
export type Tell = (notice: Notice) => ReturnType<Notify>

/** Tells what a request has done. `uiLocales` is the language of the page that it came from. */
export const tellBy =
  (event: APIGatewayProxyEventV2, { notify, readAddress, clock }: TellDependencies, uiLocales?: string): Tell =>
  (notice) =>
    notify({ ...notice, ...occasionOf(event, readAddress(event), clock, uiLocales) })
