import { KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createDecrypt, createEncrypt } from '../adapters/kms/secret-box.ts'
import { qrSvg } from '../domain/factors/qr.ts'
import type { Enrol } from '../domain/sign-in/enrolment/enrol.ts'
import { createEnrolTotp } from '../domain/sign-in/enrolment/enrol-totp.ts'
import { endpointWithPages } from '../http/api/endpoint-with-pages.ts'
import { createReadFactorRequest } from '../http/api/factor-caller.ts'
import { createReadSourceAddress } from '../http/api/source-address.ts'
import { serviceOf } from '../http/pages/service.ts'
import { wireClaims } from '../wiring/claims.ts'
import { clock, seconds } from '../wiring/clock.ts'
import { wireNotify } from '../wiring/mail.ts'
import { wireFactorPages } from '../wiring/sign-in/factor-pages.ts'
import { wireFactors } from '../wiring/sign-in/factors.ts'
import { createSigning } from '../wiring/signing.ts'
import { createVerification } from '../wiring/verification.ts'
import { factorsEnv } from './env.ts'
import { createFactorsHandler } from './handler.ts'

const env = readEnv(factorsEnv, process.env)
const client = createDynamoDb()
const { issueAccessToken, warmUp } = createSigning(env, clock)
const askClaims = wireClaims({ client, environment: process.env }, env)
const factors = wireFactors({ client, issueAccessToken, askClaims, clock }, env)

const kms = new KMSClient(clientConfig)
const encrypt = createEncrypt(kms, env.FACTOR_KEY_ID)
const decrypt = createDecrypt(kms, env.FACTOR_KEY_ID)

await warmUp()

const enrolTotpWith = <Started>(enrol: Enrol<Started>) =>
  createEnrolTotp({ ...factors, enrol, encrypt, decrypt, service: env.SERVICE_NAME })

const dependencies = {
  ...factors,
  enrolTotp: enrolTotpWith(factors.enrol),
  drawQr: qrSvg,
  notify: wireNotify(env.MAIL_FUNCTION, { client, environment: process.env }),
  readAddress: createReadSourceAddress(env.VIEWER_ADDRESS),
  clock,
}

const api = createFactorsHandler({
  ...dependencies,
  readRequest: createReadFactorRequest(createVerification(env, seconds).verify),
  lifetime: env.ACCESS_TOKEN_LIFETIME,
})

export const handler = endpointWithPages(api, async () => {
  const { createFactorPages } = await import('./factor-pages.ts')
  const pages = wireFactorPages({ client, factors, clock }, env)
  return createFactorPages(serviceOf(env), { ...dependencies, ...pages, enrolTotpWith })
})
