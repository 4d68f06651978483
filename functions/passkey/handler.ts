import type { Handler } from '../http/api/endpoint.ts'
import { createLogInHandler, type LogInDependencies } from './log-in.ts'
import type { PageDependencies } from './page.ts'
import { createPasskeysHandler, type PasskeysDependencies } from './passkeys.ts'

/** POST /login/passkey, /factors/passkeys, and what the scripts of our pages send: passkeys to log in with, and those of the caller. */
export function createPasskeyHandler(
  dependencies: LogInDependencies & PageDependencies & PasskeysDependencies,
): Handler {
  const logIn = createLogInHandler(dependencies)
  // Loaded with the first request of a page: a service without pages never needs it.
  const page: Handler = async (event) => {
    const { createPageHandler } = await import('./page.ts')
    return createPageHandler(dependencies)(event)
  }
  const passkeys = createPasskeysHandler(dependencies)
  return (event) => {
    if (event.routeKey === 'POST /login/passkey') return logIn(event)
    return event.routeKey.includes(' /factors') ? passkeys(event) : page(event)
  }
}
