import { randomBytes } from 'node:crypto'
import { bcrypt } from '../adapters/bcrypt.ts'
import { createDynamoDbApiKeys } from '../adapters/dynamodb/api-keys/api-keys.ts'
import { createDynamoDbClients } from '../adapters/dynamodb/clients.ts'
import { createDynamoDbEnrolments } from '../adapters/dynamodb/factors/enrolments.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createDeleteClient, createPutClient, createRotateSecret } from '../domain/clients/put-client.ts'
import { createPasswordHasher } from '../domain/passwords/hashing/password-hasher.ts'
import { randomId } from '../domain/random-id.ts'
import { writeLine } from '../http/log.ts'
import { wireAdministration } from '../wiring/administration.ts'
import { clock } from '../wiring/clock.ts'
import { wireCodes, wireMail, wireNotify } from '../wiring/mail.ts'
import { passwordPolicy } from '../wiring/settings.ts'
import { createStores } from '../wiring/stores.ts'
import { adminEnv } from './env.ts'
import { createAdminHandler } from './handler.ts'

const env = readEnv(adminEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
// With bcrypt: an imported hash is accepted if log-in can verify it.
const enrolments = createDynamoDbEnrolments(client, env.TABLE_NAME)
const parts = { stores, enrolments, hasher: createPasswordHasher(bcrypt), clock }
const codes = wireCodes(client, env.TABLE_NAME, clock)
const mail = { client, environment: process.env }

const clients = createDynamoDbClients(client, env.TABLE_NAME)
const reserved = [...env.CLIENTS, env.ISSUER, env.AUDIENCE]
const registering = { clients, randomBytes, newId: randomId, clock, scopes: env.SCOPES, reserved }

export const handler = createAdminHandler({
  apiKeys: createDynamoDbApiKeys(client, env.TABLE_NAME),
  clients,
  putClient: createPutClient(registering),
  rotateSecret: createRotateSecret(registering),
  deleteClient: createDeleteClient(clients),
  ...wireAdministration(parts, passwordPolicy(env), env.SCOPES),
  notify: wireNotify(env.MAIL_FUNCTION, mail),
  recoveries: env.MAIL_FUNCTION === null ? undefined : { codes, ...wireMail(env.MAIL_FUNCTION, mail) },
  scopes: env.SCOPES,
  write: writeLine,
  now: Date.now,
})
