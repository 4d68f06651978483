import type { OwnSessions } from '../domain/sessions/own-sessions.ts'
import { expiryOf, type Session, type SessionLimits } from '../domain/sessions/session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { oauthError } from '../http/api/oauth-error.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { readSessionsRequest, type SessionsRequest } from './request.ts'

export type SessionsDependencies = { readonly ownSessions: OwnSessions; readonly limits: SessionLimits }

/** GET /sessions, DELETE /sessions/{id} and DELETE /sessions: the caller's own. */
export function createSessionsHandler({ ownSessions, limits }: SessionsDependencies): Handler {
  return async (event) => {
    const request = readSessionsRequest(event)
    switch (request.kind) {
      case 'list':
        return listed(await ownSessions.list(request.sub), request, limits)
      case 'end':
        return (await ownSessions.end(request.sub, request.id)) ? ended(request, request.id) : notFound(request)
      case 'end_all':
        await ownSessions.endAll(request.sub)
        return ended(request)
    }
  }
}

function listed(sessions: readonly Session[], { sub, sid }: SessionsRequest, limits: SessionLimits): ApiResponse {
  const views = sessions.map((session) => ({
    id: session.id,
    client_id: session.clientId,
    created_at: Math.floor(session.createdAt),
    last_used_at: Math.floor(session.lastUsedAt),
    expires_at: Math.floor(expiryOf(session, limits)),
    current: session.id === sid,
  }))
  return { status: 200, body: { sessions: views }, audit: { event: 'session_list', outcome: 'success', sub } }
}

const logout = { event: 'session_logout' } as const

function ended({ sub }: SessionsRequest, id?: string): ApiResponse {
  const audit: Audit = { ...logout, outcome: 'success', sub, ...(id === undefined ? {} : { sid: id }) }
  return { status: 204, audit }
}

const notFound = ({ sub }: SessionsRequest): ApiResponse =>
  oauthError(
    { status: 404, error: 'not_found', description: 'Unknown session.' },
    { ...logout, outcome: 'failure', reason: 'unknown_session', sub },
  )
