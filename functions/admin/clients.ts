import type { Client, ClientStore } from '../domain/clients/client.ts'
import { type ClientMetadataFailure, clientMetadataOf, readClientMetadata } from '../domain/clients/client-metadata.ts'
import {
  administrator,
  type DeleteClient,
  type PutClient,
  type PutClientFailure,
  type Registered,
  type RotateSecret,
} from '../domain/clients/put-client.ts'
import { type Result, succeed } from '../domain/result.ts'
import type { AdminCommand } from './request.ts'

export type ClientDependencies = {
  readonly clients: Pick<ClientStore, 'listClients'>
  readonly putClient: PutClient
  readonly rotateSecret: RotateSecret
  readonly deleteClient: DeleteClient
}

export type ClientCommand = Extract<
  AdminCommand,
  { readonly command: 'put-client' | 'list-clients' | 'delete-client' | 'rotate-client-secret' }
>

/** A client in the form of RFC 7591. `client_secret` where one was made: nobody can read it again. */
type ClientView = Readonly<Record<string, unknown>>

export type ClientResult = ClientView | { readonly clients: readonly ClientView[] }

export type ClientCommandFailure =
  | ClientMetadataFailure
  | PutClientFailure
  | { readonly reason: 'unknown_client' | 'public_client' }

type Done = { readonly result: ClientResult; readonly audit: Readonly<Record<string, string | number>> }

export async function runClientCommand(
  command: ClientCommand,
  { clients, putClient, rotateSecret, deleteClient }: ClientDependencies,
): Promise<Result<Done, ClientCommandFailure>> {
  switch (command.command) {
    case 'put-client': {
      const metadata = readClientMetadata(command.client)
      if (!metadata.ok) return metadata
      return viewed(await putClient(metadata.value, administrator))
    }
    case 'rotate-client-secret':
      return viewed(await rotateSecret(command.client_id))
    case 'delete-client': {
      const deleted = await deleteClient(command.client_id, administrator)
      return deleted.ok ? succeed({ result: viewOf(deleted.value), audit: { client_id: command.client_id } }) : deleted
    }
    case 'list-clients': {
      const listed = await clients.listClients()
      return succeed({ result: { clients: listed.map(viewOf) }, audit: { listed: listed.length } })
    }
  }
}

function viewed<Failure>(registered: Result<Registered, Failure>): Result<Done, Failure> {
  if (!registered.ok) return registered
  const { client, secret } = registered.value
  const result = { ...viewOf(client), ...(secret !== undefined && { client_secret: secret }) }
  return succeed({ result, audit: { client_id: client.id } })
}

const viewOf = (client: Client): ClientView => ({ ...clientMetadataOf(client), client_id_issued_at: client.createdAt })
