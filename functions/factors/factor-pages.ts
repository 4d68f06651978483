import type { Handler } from '../http/api/endpoint.ts'
import { createCookies } from '../http/pages/cookies.ts'
import { createPages, type Pages } from '../http/pages/pages.ts'
import { type AccountFactorsDependencies, createAccountFactors } from './account-factors.ts'

type FactorPagesDependencies = Omit<AccountFactorsDependencies, 'context' | 'cookies'>

/** The pages of second factors. */
export const createFactorPages = (
  service: { readonly serviceName: string; readonly issuer: string },
  dependencies: FactorPagesDependencies,
): Pages =>
  createPages(service, (context): Handler => {
    const account = createAccountFactors({ ...dependencies, context, cookies: createCookies(context.issuer) })
    return (event) => account(event)
  })
