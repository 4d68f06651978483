import type { Handler } from '../http/api/endpoint.ts'
import { type BeginDependencies, createBegin } from './begin.ts'
import { type ConsentDependencies, createConsent } from './consent.ts'
import { createLogOut, type LogOutDependencies } from './log-out.ts'
import { repeatByGet } from './repeat-by-get.ts'

/** The authorization endpoint, and the pages on which somebody allows a client something or signs out. */
export function createAuthorizeHandler(
  dependencies: BeginDependencies & ConsentDependencies & LogOutDependencies,
): Handler {
  const { context } = dependencies
  const consent = createConsent(dependencies)
  const logOut = createLogOut(dependencies)
  const handlers: ReadonlyMap<string, Handler> = new Map([
    ['GET /authorize', createBegin(dependencies)],
    ['POST /authorize', repeatByGet(context, '/authorize')],
    ['GET /consent', consent.show],
    ['POST /consent', consent.decide],
    ['GET /logout', logOut.ask],
    ['POST /logout', repeatByGet(context, '/logout')],
    ['POST /logout/confirm', logOut.confirm],
  ])
  return async (event) => {
    const handle = handlers.get(event.routeKey)
    if (!handle) throw new Error(`Unhandled route ${event.routeKey}.`)
    return handle(event)
  }
}
