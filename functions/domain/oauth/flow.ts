import type { Client } from '../clients/client.ts'
import type { Clock } from '../clock.ts'
import { randomSecret, sha256 } from '../secret.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import type { OwnPage } from './own-pages.ts'

/** What pages and responses need of the client, so that it is read once in a flow. */
export type FlowClient = Pick<Client, 'id' | 'name' | 'registration' | 'isFirstParty' | 'authMethod'> & {
  /** Of a client by URL: its document has not been read, so nothing may go back to it. A flow is stored so. */
  readonly isUnread?: boolean
  /** Of a client by URL whose document has been read: whether all its redirect URIs lead to the user's own machine. */
  readonly isLoopbackOnly?: boolean
}

/**
 * A sign-in that a client has asked for and that has not come to its end. It belongs to the browser that began it.
 * `createdAt` is a NumericDate with fractions.
 */
export type Flow = {
  readonly request: AuthorizationRequest
  readonly client: FlowClient
  readonly createdAt: number
  /** Where it ends, if that is a page of ours and not a client. */
  readonly page?: OwnPage | undefined
  /** The sign-in of the SSO session that the browser had when it began. */
  readonly formerSignIn?: string | undefined
  /** Whom the client expects to sign in: the subject of its ID token. */
  readonly expectedSub?: string | undefined
  /** A hash of the browser's cookie. */
  readonly browser: string
}

/** A flow that was found by what the browser holds. `id` is a hash of that. */
export type OpenFlow = Flow & { readonly id: string; readonly token: string }

/** Where flows are kept. Each change is one conditional write; times are NumericDates in whole seconds. */
export type FlowStore = {
  readonly putNewFlow: (id: string, flow: Flow, expiresAt: number) => Promise<void>
  readonly findFlow: (id: string, now: number) => Promise<Flow | undefined>
  /** From now on the flow asks for no `acr`. */
  readonly forgetAcr: (id: string, flow: Flow) => Promise<void>
}

/** Flows: the page holds 256 random bits, and the browser as many in a cookie; only hashes of both are stored. */
export type Flows = {
  readonly open: (flow: Omit<Flow, 'createdAt' | 'browser'>, browserToken: string) => Promise<OpenFlow>
  /** Only for the browser that began it: another one that has the address of the page has nothing (REQ-183). */
  readonly find: (token: string, browserToken: string | undefined) => Promise<OpenFlow | undefined>
  /** For someone who has no second factor: the flow goes on without. */
  readonly forgetAcr: (flow: OpenFlow) => Promise<void>
}

/** In seconds. */
const flowLifetime = 3600

type Dependencies = {
  readonly store: FlowStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createFlows({ store, randomBytes, clock }: Dependencies): Flows {
  return {
    open: async (flow, browserToken) => {
      const token = randomSecret(randomBytes)
      const now = clock()
      const opened = { ...flow, createdAt: now, browser: sha256(browserToken) }
      await store.putNewFlow(sha256(token), opened, Math.floor(now) + flowLifetime)
      return { ...opened, id: sha256(token), token }
    },
    find: async (token, browserToken) => {
      if (browserToken === undefined) return undefined
      const flow = await store.findFlow(sha256(token), Math.floor(clock()))
      return flow?.browser === sha256(browserToken) ? { ...flow, id: sha256(token), token } : undefined
    },
    forgetAcr: ({ id, token: _, ...flow }) => store.forgetAcr(id, flow),
  }
}
