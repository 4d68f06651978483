import type { Handler } from '../http/api/endpoint.ts'
import { createLogInHandler, type LogInDependencies } from './log-in.ts'
import { createPasskeysHandler, type PasskeysDependencies } from './passkeys.ts'

/** POST /login/passkey and /factors/passkeys: passkeys to log in with, and those of the caller. */
export function createPasskeyHandler(dependencies: LogInDependencies & PasskeysDependencies): Handler {
  const logIn = createLogInHandler(dependencies)
  const passkeys = createPasskeysHandler(dependencies)
  return (event) => (event.routeKey === 'POST /login/passkey' ? logIn(event) : passkeys(event))
}
