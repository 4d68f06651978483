import { randomBytes } from 'node:crypto'
import type { Client, ClientStore } from '../../../functions/domain/clients/client.ts'
import {
  createDeleteClient,
  createPutClient,
  createRotateSecret,
} from '../../../functions/domain/clients/put-client.ts'

/** Registered clients in memory, held to the contract of the real store. */
export function createMemoryClients(): ClientStore {
  const kept = new Map<string, Client>()
  const isStill = (id: string, before: Client | undefined) => kept.get(id) === before
  return {
    findClient: async (id) => kept.get(id),
    listClients: async () => [...kept.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    putClient: async (client, before) => {
      if (!isStill(client.id, before)) return false
      kept.set(client.id, client)
      return true
    },
    deleteClient: async (client) => isStill(client.id, client) && kept.delete(client.id),
  }
}

/** What administrators do to clients, over stores in memory. */
export function createClientCommands(clients = createMemoryClients()) {
  const parts = {
    ...{ clients, randomBytes, newId: () => randomBytes(8).toString('hex'), clock: () => 1_800_000_000 },
    ...{ scopes: ['orders:read', 'orders:write'], reserved: ['web', 'https://auth.example.com'] },
  }
  return {
    clients,
    putClient: createPutClient(parts),
    rotateSecret: createRotateSecret(parts),
    deleteClient: createDeleteClient(clients),
  }
}
