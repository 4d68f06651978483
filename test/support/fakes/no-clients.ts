import type { AuthenticateClientFrom } from '../../../functions/domain/clients/authenticate-client.ts'
import type { FindClient } from '../../../functions/domain/clients/client.ts'
import type { GrantMachine } from '../../../functions/domain/oauth/grant-machine.ts'
import type { RedeemCode } from '../../../functions/domain/oauth/redeem-code.ts'
import { fail } from '../../../functions/domain/result.ts'

const findClient: FindClient = async () => undefined
const authenticateClient: AuthenticateClientFrom = async () => fail({ reason: 'unknown_client' })
const redeemCode: RedeemCode = async () => fail({ reason: 'wrong_code' })
const grantMachine: GrantMachine = async () => fail({ reason: 'unknown_client' })
const endMachineSession = async () => false
const endKeySession = async () => false

/** A service without registered clients. */
export const noClients = {
  ...{ findClient, authenticateClient, redeemCode, grantMachine, endMachineSession, endKeySession },
  sso: { isAlive: async () => false },
}
