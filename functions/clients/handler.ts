import * as v from 'valibot'
import type { ClientStore } from '../domain/clients/client.ts'
import { readClientMetadata } from '../domain/clients/client-metadata.ts'
import type { DeleteClient, PutClient, PutClientFailure } from '../domain/clients/put-client.ts'
import { createCustomResource, type ResourceEvent, type ResourceOutcome } from '../http/custom-resource.ts'

type ClientsDependencies = {
  readonly clients: Pick<ClientStore, 'listClients'>
  readonly putClient: PutClient
  readonly deleteClient: DeleteClient
  readonly respond: (url: string, body: string) => Promise<void>
}

/**
 * The custom resource that registers the clients of a CDK app at deploy time, and deletes those that it has registered and
 * that are gone from the app. A rollback is an update too, so it takes back what a failed deployment has done.
 */
export const createClientsHandler = ({ respond, ...dependencies }: ClientsDependencies) =>
  createCustomResource({ physicalId: 'clients', respond, resolve: (event) => resolveOutcome(event, dependencies) })

type Registering = Omit<ClientsDependencies, 'respond'>

async function resolveOutcome(event: ResourceEvent, dependencies: Registering): Promise<ResourceOutcome> {
  const wanted = event.RequestType === 'Delete' ? [] : readProperties(event.ResourceProperties)
  const by = `${event.StackId} ${event.LogicalResourceId}`
  for (const metadata of wanted) await put(metadata, by, dependencies)
  await deleteOthers(
    wanted.map(({ id }) => id),
    by,
    dependencies,
  )
  return { Status: 'SUCCESS' }
}

const properties = v.object({ Clients: v.array(v.pipe(v.string(), v.parseJson())) })

function readProperties(received: unknown) {
  return v.parse(properties, received).Clients.map((metadata) => {
    const read = readClientMetadata(metadata)
    if (!read.ok) throw new Error(`${Object(metadata).client_id}: ${read.failure.description}`)
    return read.value
  })
}

type Registration = Parameters<PutClient>[0]

async function put(registration: Registration, by: string, { putClient }: Registering): Promise<void> {
  const done = await putClient(registration, by)
  if (!done.ok) throw new Error(`${registration.id}: ${explain(done.failure)}`)
}

async function deleteOthers(wanted: readonly string[], by: string, dependencies: Registering): Promise<void> {
  const listed = await dependencies.clients.listClients()
  const gone = listed.filter(({ id, registeredBy }) => registeredBy === by && !wanted.includes(id))
  for (const { id } of gone) await dependencies.deleteClient(id, by)
}

function explain({ reason }: PutClientFailure): string {
  switch (reason) {
    case 'client_id_taken':
      return 'this id is a name of the setting clients, the issuer, the audience, or the sub of a user.'
    case 'foreign_client':
      return 'an administrator or another deployment has this client. Delete it there first (delete-client).'
    case 'unknown_scope':
      return 'its scope must be among the scopes of the service.'
    case 'changed_meanwhile':
      return 'it was changed by somebody else at the same moment. Deploy again.'
  }
}
