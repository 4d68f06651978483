import type { CreateAccount } from '../domain/accounts/create-account.ts'
import type { Throttle } from '../domain/throttling/throttle.ts'
import type { Handler } from '../http/api/endpoint.ts'
import type { ReadSourceAddress } from '../http/api/source-address.ts'
import { readRegisterRequest } from './request.ts'
import { created, refused } from './response.ts'

type RegisterDependencies = {
  readonly createAccount: CreateAccount
  readonly throttle: Pick<Throttle, 'reserveOnAddress'>
  readonly readAddress: ReadSourceAddress
}

/** POST /register without mail: a new account without any scope. Administrators grant scopes. */
export function createRegisterHandler({ createAccount, throttle, readAddress }: RegisterDependencies): Handler {
  return async (event) => {
    const request = readRegisterRequest(event)
    if (!request.ok) return refused('user_created', request.failure)

    const onAddress = await throttle.reserveOnAddress(readAddress(event))
    if (!onAddress.ok) return refused('user_created', onAddress.failure)
    const account = await createAccount({ ...request.value, scope: [] })
    if (!account.ok) return refused('user_created', account.failure)

    return created(account.value)
  }
}
