import { endpoint, type Handler } from '../api/endpoint.ts'
import type { oauthError } from '../api/oauth-error.ts'

/** Turns a handler of pages into a Lambda handler: a fault of ours is a page too. */
export const pageEndpoint = (handler: Handler, faultPage: typeof oauthError): ReturnType<typeof endpoint> =>
  endpoint(handler, undefined, undefined, faultPage)
