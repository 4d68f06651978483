import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Authentication } from '../../functions/domain/authentication.ts'
import { randomId } from '../../functions/domain/random-id.ts'
import { type RouteRules, readRouteRules } from '../../functions/domain/scopes/route-rules.ts'
import { createIssueAccessToken, createVerifyAccessToken } from '../../functions/domain/tokens/access-token.ts'
import { type AuthorizerRules, createAuthorizer } from '../../functions/http/authorizer/authorizer.ts'
import { audience, issuer, key } from './builders/service.ts'
import { verificationKeys } from './builders/signing-key.ts'
import { stoppedClock } from './fakes/stopped-clock.ts'

const keys = await verificationKeys(key)

export const noRules: AuthorizerRules = { routeRules: new Map(), queryToken: false }

/** Rules as the environment has them. */
export function rulesOf(table: object): RouteRules {
  const rules = readRouteRules(JSON.stringify(table))
  if (!rules) throw new TypeError('Not rules.')
  return rules
}

/** An authorizer with a clock that stands still, and tokens that it takes. */
export function createTestAuthorizer(rules: Partial<AuthorizerRules> = {}, clock = stoppedClock()) {
  const lines: string[] = []
  const issueFor = createIssueAccessToken({ issuer, audience, lifetime: 900 }, key.signer, clock, randomId)
  const authorize = createAuthorizer(
    createVerifyAccessToken({ issuer, audience, keys }, clock),
    { ...noRules, ...rules },
    (line) => lines.push(line),
    () => clock() * 1000,
  )
  const issueProved = (authentication: Authentication, ...scope: readonly string[]) =>
    issueFor({ subject: 's', clientId: 'web', sessionId: 'sid', scope: scope.join(' '), ...authentication })
  const issue = (...scope: readonly string[]) => issueProved({ authTime: 1, amr: ['pwd'] }, ...scope)
  type Grant = Parameters<typeof issueFor>[0]
  const issueWith = (more: Partial<Grant>) =>
    issueFor({ subject: 's', clientId: 'web', sessionId: 'sid', scope: '', authTime: 1, amr: ['pwd'], ...more })
  const issueToMachine = (more: Pick<Grant, 'scope'>) =>
    issueFor({ subject: 'm', clientId: 'm', sessionId: 'sid', ...more })
  return { authorize, issue, issueProved, issueWith, issueToMachine, clock, lines }
}

/** The sample event of this name, with a token where it says so. */
export function sampleEvent(name: string, token: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(join(import.meta.dirname, `../../events/authorizer/${name}.json`), 'utf8')
  // In the values and not in the text: a hostile token may hold what JSON and String.replace take for their own.
  return JSON.parse(text, (_, value) =>
    typeof value === 'string' ? value.replace(/\{\{(expired_)?access_token\}\}/g, () => token) : value,
  )
}
