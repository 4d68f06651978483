import { endpoint, type FaultResponse, type Handler } from './endpoint.ts'
import { oauthError } from './oauth-error.ts'

/** The pages of a function, as `createPages` makes them. */
type Pages = { readonly handle: Handler; readonly faultResponse: FaultResponse }

/**
 * Turns a handler of an API into a Lambda handler that shows pages on the same subject too. They are loaded with the first
 * request of one: a service without pages never needs them.
 */
export function endpointWithPages(api: Handler, loadPages: () => Promise<Pages>): ReturnType<typeof endpoint> {
  let loaded: Promise<Pages> | undefined
  const pages = () => {
    loaded ??= loadPages()
    return loaded
  }
  return endpoint(
    async (event) => (isPage(event) ? (await pages()).handle(event) : api(event)),
    undefined,
    undefined,
    async (error, audit, event) =>
      isPage(event) ? (await pages()).faultResponse(error, audit, event) : oauthError(error, audit),
  )
}

const isPage = ({ routeKey }: { readonly routeKey: string }): boolean =>
  /^(GET|POST) \/(sign-up|forgot|account|sign-in\/enrol)(\/|$)/.test(routeKey)
