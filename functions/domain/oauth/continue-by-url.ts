import type { Client } from '../clients/client.ts'
import type { ReadClientByUrl } from '../clients/clients-by-url.ts'
import { isLoopback, isRegistered } from '../clients/redirect-uri.ts'
import { withIdentity } from '../scopes/scope.ts'
import type { ContinueFlow } from './continue-flow.ts'
import type { FlowClient } from './flow.ts'

/**
 * Takes flows on as `continueFlow` does. The document of a client by URL is read once somebody has signed in, and only then
 * anything can go back to the client: before, nobody knows whether the redirect URI of the request is its own.
 */
export const createContinueByUrl =
  (continueFlow: ContinueFlow, readClient: ReadClientByUrl): ContinueFlow =>
  async (continuing) => {
    const { flow, signedIn } = continuing
    const { request, client } = flow
    if (!client.isUnread) return continueFlow(continuing)
    if (!signedIn) {
      const step = await continueFlow(continuing)
      return step.kind === 'error' ? { kind: 'refused', reason: step.error.error } : step
    }
    const read = await readClient(client.id)
    if (!read.ok) return { kind: 'refused', reason: read.failure.reason }
    if (!isRegistered(read.value.redirectUris, request.redirectUri))
      return { kind: 'refused', reason: 'unregistered_redirect_uri' }
    const limit = withIdentity(read.value.scope)
    const scope = request.scope.filter((token) => limit.includes(token))
    return continueFlow({
      ...continuing,
      flow: { ...flow, request: { ...request, scope }, client: flowClient(read.value) },
    })
  }

const flowClient = ({ id, name, registration, isFirstParty, authMethod, redirectUris }: Client): FlowClient => ({
  ...{ id, name, registration, isFirstParty, authMethod },
  isLoopbackOnly: redirectUris.every(isLoopback),
})
