import type { Handler } from '../http/api/endpoint.ts'
import { createFactor } from './factor.ts'
import { createSignIn } from './sign-in.ts'
import type { SignInDependencies } from './steps.ts'

/** The pages on which somebody signs in: name and password, then a second factor. */
export function createSignInHandler(dependencies: SignInDependencies): Handler {
  const signIn = createSignIn(dependencies)
  const factor = createFactor(dependencies)
  const handlers: ReadonlyMap<string, Handler> = new Map([
    ['GET /sign-in', signIn.show],
    ['POST /sign-in', signIn.take],
    ['GET /sign-in/factor', factor.show],
    ['POST /sign-in/factor', factor.take],
  ])
  return async (event) => {
    const handle = handlers.get(event.routeKey)
    if (!handle) throw new Error(`Unhandled route ${event.routeKey}.`)
    return handle(event)
  }
}
