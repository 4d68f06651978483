import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Handler } from '../api/endpoint.ts'
import type { ApiResponse } from '../api/response.ts'
import { crossSitePage } from './error-page.ts'
import type { PageContext } from './page.ts'
import { readFields } from './query.ts'
import { isSameOrigin } from './same-origin.ts'

export type Form = ReadonlyMap<string, string>

type Take = (event: APIGatewayProxyEventV2, form: Form) => Promise<ApiResponse>

/** Takes the form of a page of ours, and no other. `name` is the event in the log. */
export const takeOwnForm =
  (context: PageContext & { readonly issuer: string }, name: string, take: Take): Handler =>
  async (event) =>
    isSameOrigin(event, context.issuer)
      ? take(event, readFields(event))
      : crossSitePage(context, { event: name, outcome: 'failure', reason: 'cross_site' })

/** The handler of a function by the route of the request. */
export const byRoute =
  (routes: Readonly<Record<string, Handler>>): Handler =>
  async (event) => {
    const handle = routes[event.routeKey]
    if (!handle) throw new Error(`Unhandled route ${event.routeKey}.`)
    return handle(event)
  }
