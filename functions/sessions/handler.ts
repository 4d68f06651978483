import { type OwnSessions, toHour } from '../domain/sessions/own-sessions.ts'
import { expiryOf, type Session, type SessionLimits } from '../domain/sessions/session.ts'
import type { Handler } from '../http/api/endpoint.ts'
import { notFirstParty, type OAuthError, oauthError, sessionEnded } from '../http/api/oauth-error.ts'
import type { ApiResponse, Audit } from '../http/api/response.ts'
import { readSessionsRequest, type SessionsRequest } from './request.ts'

export type SessionsDependencies = { readonly ownSessions: OwnSessions; readonly limits: SessionLimits }

/** GET /sessions, DELETE /sessions/{id} and DELETE /sessions: the caller's own. */
export function createSessionsHandler({ ownSessions, limits }: SessionsDependencies): Handler {
  return async (event) => {
    const request = readSessionsRequest(event)
    switch (request.kind) {
      case 'list': {
        const sessions = await ownSessions.list(request)
        return sessions.ok
          ? listed(sessions.value, request, limits)
          : refused('session_list', sessions.failure, request)
      }
      case 'end': {
        const ended = await ownSessions.end(request, request.id)
        return ended.ok ? loggedOut(request, request.id) : refused('session_logout', ended.failure, request)
      }
      case 'end_all': {
        const ended = await ownSessions.endAll(request)
        return ended.ok ? loggedOut(request) : refused('session_logout', ended.failure, request)
      }
    }
  }
}

function listed(sessions: readonly Session[], { sub, sid }: SessionsRequest, limits: SessionLimits): ApiResponse {
  const views = sessions.map((session) => ({
    id: session.id,
    client_id: session.clientId,
    created_at: Math.floor(session.createdAt),
    last_used_at: toHour(session.lastUsedAt),
    expires_at: toHour(expiryOf(session, limits)),
    current: session.id === sid,
  }))
  return { status: 200, body: { sessions: views }, audit: { event: 'session_list', outcome: 'success', sub } }
}

function loggedOut({ sub }: SessionsRequest, id?: string): ApiResponse {
  const audit: Audit = { event: 'session_logout', outcome: 'success', sub, ...(id === undefined ? {} : { sid: id }) }
  return { status: 204, audit }
}

type Failure = { readonly reason: 'session_ended' | 'third_party' | 'unknown_session' }

const notFound: OAuthError = { status: 404, error: 'not_found', description: 'Unknown session.' }

const errors = { session_ended: sessionEnded, third_party: notFirstParty, unknown_session: notFound }

const refused = (event: string, { reason }: Failure, { sub }: SessionsRequest): ApiResponse =>
  oauthError(errors[reason], { event, outcome: 'failure', reason, sub })
