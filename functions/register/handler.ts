import type { Handler } from '../http/api/endpoint.ts'
import { readRegisterRequest } from './request.ts'
import { created, refused } from './response.ts'
import { type RegisterDependencies, register } from './steps.ts'

/** POST /register without mail. */
export function createRegisterHandler(dependencies: RegisterDependencies): Handler {
  return async (event) => {
    const request = readRegisterRequest(event)
    if (!request.ok) return refused('user_created', request.failure)

    const account = await register(event, request.value, dependencies)
    return account.ok ? created(account.value) : refused('user_created', account.failure)
  }
}
