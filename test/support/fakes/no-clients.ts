import type { AuthenticateClient } from '../../../functions/domain/clients/authenticate-client.ts'
import type { RedeemCode } from '../../../functions/domain/oauth/redeem-code.ts'
import { fail } from '../../../functions/domain/result.ts'

const authenticateClient: AuthenticateClient = async () => fail({ reason: 'unknown_client' })
const redeemCode: RedeemCode = async () => fail({ reason: 'wrong_code' })

/** A service without registered clients. */
export const noClients = { authenticateClient, redeemCode, sso: { isAlive: async () => false } }
