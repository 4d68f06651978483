import { createDynamoDbDocuments } from '../../functions/adapters/dynamodb/client-documents.ts'
import { interruptAt } from '../factors/interrupted.ts'
import { agentCallback, documentOf, type openAgentHost } from '../support/builders/clients-by-url.ts'
import { openBrowser, redeem, refresh, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { audience, createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { documentHost } from '../support/document-server.ts'
import type { TestTable } from '../support/table.ts'

/** The table, and the host of a client by URL. Without one the client is registered. */
type Place = { readonly table: TestTable; readonly host?: AgentHost | undefined }
type AgentHost = Awaited<ReturnType<typeof openAgentHost>>

// All scenes of a run have one address, and what a race breaks off counts as a failure.
const settingsOf = ({ host }: Place) => ({
  addressFailures: 1_000_000,
  ...(host && { clientsByUrl: host.clientsByUrl }),
})

function serveClient(host: AgentHost) {
  const path = `/client-${made++}.json`
  const id = `https://${documentHost}${path}`
  host.serve(path, { body: documentOf({ client_id: id }) })
  return { id, secret: undefined, redirectUri: agentCallback, resource: audience }
}
let made = 0

/** From now on what is kept of the client is old: the next act asks its host, and stores what that says. */
async function makeDocumentOld({ client, name }: TestTable, id: string, now: number) {
  const documents = createDynamoDbDocuments(client, name)
  const kept = await documents.findDocument(id)
  if (!kept) throw new Error('Nobody has signed in with this client.')
  await documents.putDocument(id, { ...kept, freshUntil: Math.floor(now) }, Math.floor(now) + 86_400)
}

/** Somebody who is signed in in one browser, has a code and a page open, and what their client holds. */
async function openScene(place: Place) {
  const service = await createOAuthService(place.table, settingsOf(place))
  const client = place.host
    ? serveClient(place.host)
    : await service.putClient({ first_party: false, scope: 'orders:read' })
  const { browser, json } = await signInTo(service, client, { scope: 'openid' })
  const begun = await browser.authorize(client, { scope: 'openid' })
  const consent = await browser.authorize(client, { scope: 'openid orders:read' })
  const elsewhere = openBrowser(service)
  const signIn = await elsewhere.authorize(client)
  const { code = '' } = responseIn(begun.page)
  const proof = { code, code_verifier: begun.verifier }
  if (place.host) await makeDocumentOld(place.table, client.id, service.clock())
  return { service, client, browser, elsewhere, json, proof, consent, signIn, tokens: [String(json.refresh_token)] }
}

type Scene = Awaited<ReturnType<typeof openScene>>
type Act = (view: OAuthService, scene: Scene) => Promise<unknown>

/** Somebody's browser, whose requests are answered through another client of the table. */
const seenBy = (view: OAuthService, jar: ReadonlyMap<string, string>) => {
  const browser = openBrowser(view)
  for (const [name, value] of jar) browser.jar.set(name, value)
  return browser
}

const adopt = (from: ReadonlyMap<string, string>, to: Map<string, string>) => {
  for (const [name, value] of from) to.set(name, value)
}

const note = (scene: Scene, { json }: { readonly json: Readonly<Record<string, unknown>> }) => {
  if (typeof json['refresh_token'] === 'string') scene.tokens.push(json['refresh_token'])
}

/** What may be under way. Whatever a client or a browser gets by it is tried afterwards. */
export const underWay: Readonly<Record<string, Act>> = {
  'an authorization': async (view, scene) => {
    const browser = seenBy(view, scene.browser.jar)
    const { verifier, page } = await browser.authorize(scene.client)
    const { code = '' } = page.location === '' ? {} : responseIn(page)
    note(scene, await redeem(scene.service, scene.client, { code, code_verifier: verifier }))
  },
  'a sign-in': async (view, scene) => {
    const browser = seenBy(view, scene.elsewhere.jar)
    await browser.signIn(scene.signIn.page)
    adopt(browser.jar, scene.elsewhere.jar)
    const { verifier, page } = await openedBy(scene.service, scene.elsewhere.jar).authorize(scene.client)
    const { code = '' } = page.location === '' ? {} : responseIn(page)
    note(scene, await redeem(scene.service, scene.client, { code, code_verifier: verifier }))
  },
  // Whose browser it is afterwards is the sign-in's affair, but what there was before it must end.
  'a sign-in again': async (view, scene) => {
    const { page } = await openedBy(scene.service, scene.browser.jar).authorize(scene.client, { prompt: 'login' })
    const browser = seenBy(view, scene.browser.jar)
    await browser.signIn(page)
    adopt(browser.jar, scene.elsewhere.jar)
  },
  'a consent': async (view, scene) => {
    const allowed = await seenBy(view, scene.browser.jar).decide(scene.consent.page, 'allow')
    const { code = '' } = allowed.location === '' ? {} : responseIn(allowed)
    note(scene, await redeem(scene.service, scene.client, { code, code_verifier: scene.consent.verifier }))
  },
  'the exchange of a code': async (view, scene) => note(scene, await redeem(view, scene.client, scene.proof)),
  'a refresh': async (view, scene) => note(scene, await refresh(view, scene.client, scene.json.refresh_token)),
}

const openedBy = (service: OAuthService, jar: ReadonlyMap<string, string>) => seenBy(service, jar)

/** What ends sessions, the browser's session, the client or the account. */
export const ends: Readonly<Record<string, Act>> = {
  disable: ({ lifecycle, username }) => lifecycle.disable(username),
  delete: ({ lifecycle, username }) => lifecycle.remove(username),
  'revoke-sessions': ({ lifecycle, username }) => lifecycle.revokeSessions(username),
  // As set-password, a change by the owner and a recovery do it.
  'a new password': ({ stores, account }) => stores.passwords.setHash(account.sub, 'another hash'),
  'a log-out': (view, { browser }) => seenBy(view, browser.jar).go('POST', '/logout/confirm'),
  'the end of the client': ({ deleteClient }, { client }) => deleteClient(client.id),
  'a withdrawal': ({ ownApps, account }, { client }) => ownApps.withdraw(account.sub, client.id),
}

/** The service of a scene, through a client of the table that lets another act happen before its call number `at`. */
async function openView(place: Place, { service }: Scene, at: number, interrupt: () => Promise<unknown>) {
  const { client, calls } = interruptAt(place.table.client, at, interrupt)
  const settings = { existing: service.account, clock: service.clock, ...settingsOf(place) }
  return { view: await createOAuthService({ client, name: place.table.name }, settings), calls }
}

/** What still works after a race, and must not. `at` is the call before which the other act happens. */
export async function race(place: Place, under: Act, end: Act, at: number, isLogOut: boolean) {
  const scene = await openScene(place)
  const { service } = scene
  const { view, calls } = await openView(place, scene, at, () => end(service, scene))
  await under(view, scene)
  if (calls.made <= at) return undefined
  const refreshed = await Promise.all(scene.tokens.map((token) => refresh(service, scene.client, token)))
  // A log-out is of one browser only.
  const browsers = isLogOut ? [scene.browser] : [scene.browser, scene.elsewhere]
  const silent = await Promise.all(
    browsers.map(async (browser) => {
      const { page } = await openedBy(service, browser.jar).authorize(scene.client, { prompt: 'none' })
      return page.location !== '' && responseIn(page)['code'] !== undefined
    }),
  )
  return { tokens: refreshed.filter(({ status }) => status === 200).length, browsers: silent.filter(Boolean).length }
}

/** What works after a withdrawal that others come into, before its call number `at`, though it was allowed before it. */
export async function raceOfWithdrawal(place: Place, act: Act, at: number) {
  const scene = await openScene(place)
  const { service } = scene
  const { view, calls } = await openView(place, scene, at, () => act(service, scene))
  await view.ownApps.withdraw(service.account.sub, scene.client.id)
  if (calls.made <= at) return undefined
  const refreshed = await Promise.all(scene.tokens.map((token) => refresh(service, scene.client, token)))
  return refreshed.filter(({ status }) => status === 200).length
}
