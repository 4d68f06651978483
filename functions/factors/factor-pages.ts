import type { Handler } from '../http/api/endpoint.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { createPages, type Pages } from '../http/pages/pages.ts'
import type { serviceOf } from '../http/pages/service.ts'
import { type AccountFactorsDependencies, createAccountFactors } from './account-factors.ts'
import { createEnrolAtSignIn, type EnrolAtSignInDependencies } from './enrol-at-sign-in.ts'

type FactorPagesDependencies = Omit<AccountFactorsDependencies & EnrolAtSignInDependencies, 'context' | 'cookies'>

/** The pages of second factors. */
export const createFactorPages = (
  service: ReturnType<typeof serviceOf>,
  dependencies: FactorPagesDependencies,
): Pages =>
  createPages(service, (context): Handler => {
    const all = { ...dependencies, context, cookies: createCookies(context.issuer) }
    const account = createAccountFactors(all)
    const enrol = createEnrolAtSignIn(all)
    return (event) => (event.routeKey.includes(' /sign-in/') ? enrol(event) : account(event))
  })
