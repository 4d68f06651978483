import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createDynamoDbClients } from '../adapters/dynamodb/clients.ts'
import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { putResponse } from '../adapters/lambda/custom-resource-response.ts'
import { onceAllowed } from '../adapters/once-allowed.ts'
import { createDeleteClient, createPutClient } from '../domain/clients/put-client.ts'
import { randomId } from '../domain/random-id.ts'
import { clock } from '../wiring/clock.ts'
import { clientsEnv } from './env.ts'
import { createClientsHandler } from './handler.ts'

const env = readEnv(clientsEnv, process.env)
const clients = createDynamoDbClients(createDynamoDb(), env.TABLE_NAME)
const reserved = [...env.CLIENTS, env.ISSUER, env.AUDIENCE]

export const handler = createClientsHandler({
  clients,
  putClient: createPutClient({ clients, randomBytes, newId: randomId, clock, scopes: env.SCOPES, reserved }),
  deleteClient: createDeleteClient(clients),
  onceAllowed: (work) => onceAllowed(work, pause),
  respond: putResponse,
})
