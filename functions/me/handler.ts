import type { Handler } from '../http/api/endpoint.ts'
import { readCaller } from './request.ts'

/** GET /me: who the caller is. The protected example. */
export const handleMe: Handler = async (event) => {
  const caller = readCaller(event)
  const audit = { event: 'authz_success', outcome: 'success', sub: caller.sub, client_id: caller.client_id } as const
  return { status: 200, body: caller, audit }
}
