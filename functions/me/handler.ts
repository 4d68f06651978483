import { readCaller } from '../http/api/caller.ts'
import type { Handler } from '../http/api/endpoint.ts'

/** GET /me: the caller. The protected example: copy this slice for a function of your own. */
export const handleMe: Handler = async (event) => {
  const caller = readCaller(event)
  const audit = { event: 'authz_success', outcome: 'success', sub: caller.sub, client_id: caller.client_id } as const
  return { status: 200, body: caller, audit }
}
