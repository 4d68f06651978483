import type { Plan } from './plan.ts'

/** What happens in a month, worked out from the calls to protected routes. */
export type Usage = {
  readonly calls: number
  readonly logins: number
  readonly refreshes: number
  readonly authorizations: number
  readonly mails: number
  readonly totpLogins: number
}

// What is assumed of people: an API that is called every 22.5 s while in use, 40 times in a quarter of an hour, and a
// log-in for every 200 calls.
const secondsBetweenCalls = 22.5
const callsOfALogin = 200
// A forgotten password, a registration, a notice.
const loginsOfAMail = 20

/** What is assumed of one piece of work. Not measured on AWS; cold starts, which are billed too, are in the times. */
export const work = {
  authorizerSeconds: 0.005,
  loginSeconds: 0.15,
  refreshSeconds: 0.06,
  // At most, by contract: name, epoch, account, password and sessions; the throttle's three and the session.
  loginReads: 5,
  loginWrites: 4,
  // What the code of an app costs beside the password, in a request of its own.
  totpSeconds: 0.06,
  totpReads: 2,
  totpWrites: 4,
  refreshReads: 3,
  refreshWrites: 1,
  // What a sign-in on pages costs more than a log-in: its page and the exchange of the code, and an ID token.
  signInRequests: 2,
  signInSeconds: 0.06,
  signInReads: 4,
  signInWrites: 4,
  signInSignatures: 1,
  // With the 26 that CloudWatch adds to each.
  accessLogBytes: 300,
  functionLogBytes: 270,
  // A user logs in four times a month; a session that is used is kept for three.
  bytesOfALogin: 500 / 4 + 600 * 3,
} as const

export function usageOf(calls: number, plan: Plan): Usage {
  const { authorizerCache, accessTokenLifetime, token, sendsMail, factorKeys } = plan
  const tokens = calls * Math.max(secondsBetweenCalls / accessTokenLifetime, 1 / callsOfALogin)
  const people = calls / callsOfALogin
  // Without refresh tokens every access token takes a log-in.
  const logins = token ? people : tokens
  return {
    calls,
    logins,
    refreshes: tokens - logins,
    // The gateway asks once and then remembers; what it remembers it forgets when the time is over, used or not.
    authorizations: calls / (1 + Math.floor(authorizerCache / secondsBetweenCalls)),
    mails: sendsMail ? (plan.mails ?? people / loginsOfAMail) : 0,
    totpLogins: factorKeys > 0 ? (plan.totpLogins ?? logins) : 0,
  }
}
