import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { Client, ClientRegistration, ClientStore } from '../domain/clients/client.ts'
import { readClientMetadata } from '../domain/clients/client-metadata.ts'
import { type DeleteClient, isOwnedBy, type PutClient, type PutClientFailure } from '../domain/clients/put-client.ts'
import { createCustomResource, type ResourceEvent, type ResourceOutcome } from '../http/custom-resource.ts'

type ClientsDependencies = {
  readonly clients: Pick<ClientStore, 'listClients'>
  readonly putClient: PutClient
  readonly deleteClient: DeleteClient
  /** Tries again while IAM does not know yet what this function may do. */
  readonly onceAllowed: (work: () => Promise<ResourceOutcome>) => Promise<ResourceOutcome>
  readonly respond: (url: string, body: string) => Promise<void>
}

const noneYet = 'clients'

/**
 * The custom resource that registers the clients of a CDK app at deploy time, and deletes those that it has registered and
 * that are gone from the app. Another set of clients has another physical id, so CloudFormation deletes the former set when
 * a deployment has succeeded, and the new one after a rollback: no client goes before it is clear which set stays.
 */
export const createClientsHandler = ({ respond, onceAllowed, ...dependencies }: ClientsDependencies) =>
  createCustomResource({
    ...{ physicalId: noneYet, respond },
    resolve: (event) => onceAllowed(() => resolveOutcome(event, dependencies)),
  })

type Registering = Omit<ClientsDependencies, 'respond' | 'onceAllowed'>

async function resolveOutcome(event: ResourceEvent, dependencies: Registering): Promise<ResourceOutcome> {
  const { StackId, LogicalResourceId, PhysicalResourceId: former = noneYet } = event
  const owner = `${StackId} ${LogicalResourceId}`
  if (event.RequestType === 'Delete') {
    // Of a creation that has failed nobody knows the set.
    await deleteThose(
      (client) => former === noneYet || client.registeredBy === `${owner}#${former}`,
      owner,
      dependencies,
    )
    return { Status: 'SUCCESS' }
  }
  const wanted = readProperties(event.ResourceProperties)
  const ids = wanted.map(({ id }) => id)
  const PhysicalResourceId = physicalIdOf(ids)
  for (const metadata of wanted) await put(metadata, `${owner}#${PhysicalResourceId}`, dependencies)
  const isReplaced = event.RequestType === 'Update' && former !== PhysicalResourceId
  // What a deployment has left that failed midway, or on localhost, where every start is a creation.
  if (!isReplaced) await deleteThose(({ id }) => !ids.includes(id), owner, dependencies)
  return { Status: 'SUCCESS', PhysicalResourceId }
}

const physicalIdOf = (ids: readonly string[]): string =>
  `clients-${createHash('sha256').update(JSON.stringify(ids.toSorted())).digest('hex').slice(0, 16)}`

const properties = v.object({ Clients: v.array(v.pipe(v.string(), v.parseJson())) })

function readProperties(received: unknown) {
  return v.parse(properties, received).Clients.map((metadata) => {
    const read = readClientMetadata(metadata)
    if (!read.ok) throw new Error(`${Object(metadata).client_id}: ${read.failure.description}`)
    return read.value
  })
}

async function put(registration: ClientRegistration, by: string, { putClient }: Registering): Promise<void> {
  const done = await putClient(registration, by)
  if (!done.ok) throw new Error(`${registration.id}: ${explain(done.failure)}`)
}

async function deleteThose(
  isGone: (client: Client) => boolean,
  owner: string,
  { clients, deleteClient }: Registering,
): Promise<void> {
  const gone = (await clients.listClients()).filter((client) => isOwnedBy(client, owner) && isGone(client))
  for (const { id } of gone) await deleteClient(id, owner)
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
