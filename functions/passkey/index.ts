import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { endpoint } from '../http/api/endpoint.ts'
import { createReadFactorRequest } from '../http/api/factor-caller.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { wireClaims } from '../wiring/claims.ts'
import { clock, seconds } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { wireFlowStore } from '../wiring/oauth/flows.ts'
import { wireFactors } from '../wiring/sign-in/factors.ts'
import { wirePasskeyPage, wirePasskeys } from '../wiring/sign-in/passkeys.ts'
import { wireSso } from '../wiring/sign-in/sso.ts'
import { createSigning } from '../wiring/signing.ts'
import { createVerification } from '../wiring/verification.ts'
import { passkeyEnv } from './env.ts'
import { createPasskeyHandler } from './handler.ts'

const env = readEnv(passkeyEnv, process.env)
const client = createDynamoDb()
const { issueAccessToken, warmUp } = createSigning(env, clock)
const askClaims = wireClaims({ client, environment: process.env }, env)
const factors = wireFactors({ client, issueAccessToken, askClaims, clock }, env)

await warmUp()

const sso = wireSso(client, clock, env)
const parts = { client, factors, clock, sso }
const passkeys = wirePasskeys(parts, env)

export const handler = endpoint(
  createPasskeyHandler({
    ...factors,
    ...passkeys,
    issuer: env.ISSUER,
    sso,
    flows: wireFlowStore(parts, env),
    pageStepsOf: wirePasskeyPage(parts, env, passkeys),
    readRequest: createReadFactorRequest(createVerification(env, seconds).verify),
    notify: wireNotify(env.MAIL_FUNCTION, { client, environment: process.env }),
    readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
    clock,
    clients: env.CLIENTS,
    lifetime: env.ACCESS_TOKEN_LIFETIME,
  }),
)
