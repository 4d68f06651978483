import { afterAll, describe, expect, test } from '@jest/globals'
import { openBrowser, redeem, responseIn, signInTo } from '../support/builders/oauth-browser.ts'
import { createOAuthService, type OAuthService } from '../support/builders/oauth-service.ts'
import { failAt } from '../support/fakes/failing-client.ts'
import { openTable } from '../support/table.ts'
import { isSampled } from './sample.ts'

const table = await openTable()
afterAll(table.close)

type Seen = { readonly status: number | undefined; readonly headers?: Readonly<Record<string, string>> }

/** Somebody with a browser that is signed in, a code, a consent page and a sign-in page elsewhere. */
async function openScene() {
  const service = await createOAuthService(table)
  const client = await service.putClient({ first_party: false })
  const signedIn = await signInTo(service, client)
  const { page, verifier } = await signedIn.browser.authorize(client)
  const proof = { code: responseIn(page)['code'] ?? '', code_verifier: verifier }
  const consent = await signedIn.browser.authorize(client, { prompt: 'consent' })
  const elsewhere = openBrowser(service)
  const signIn = await elsewhere.authorize(client)
  return { service, client, signedIn, proof, consent, elsewhere, signIn }
}

type Scene = Awaited<ReturnType<typeof openScene>>

const seenBy = (view: OAuthService, jar: ReadonlyMap<string, string>) => {
  const browser = openBrowser(view)
  for (const [name, value] of jar) browser.jar.set(name, value)
  return browser
}

const acts: Readonly<Record<string, (view: OAuthService, scene: Scene) => Promise<Seen>>> = {
  'an authorization of somebody who is signed in': async (view, { client, signedIn }) =>
    (await seenBy(view, signedIn.browser.jar).authorize(client)).page,
  'a sign-in': async (view, { elsewhere, signIn, service }) =>
    seenBy(view, elsewhere.jar).signIn(signIn.page, service.username, service.password),
  'a consent': async (view, { signedIn, consent }) => seenBy(view, signedIn.browser.jar).decide(consent.page, 'allow'),
  'the exchange of a code': async (view, { client, proof }) => redeem(view, client, proof),
  'a log-out': async (view, { signedIn }) => seenBy(view, signedIn.browser.jar).go('POST', '/logout/confirm'),
  userinfo: async (view, { signedIn }) =>
    view.call('GET /userinfo', { headers: { authorization: `Bearer ${signedIn.json.access_token}` } }),
}

// REQ-131
describe.each(Object.keys(acts))('a fault of DynamoDB during %s', (name) => {
  test.each([
    ['of a call that was not made', false],
    ['of a call whose answer got lost', true],
  ])('%s is 503, and the next sign-in works', async (_, isSent) => {
    const statuses: (number | undefined)[] = []
    for (let at = 0; at < 30; at += 1) {
      if (!isSampled(at, isSent)) continue
      const scene = await openScene()
      const { service, client } = scene
      const { client: failing, calls } = failAt(table.client, at, isSent)
      const view = await createOAuthService(
        { client: failing, name: table.name },
        { existing: service.account, clock: service.clock },
      )
      const { status } = (await acts[name]?.(view, scene)) ?? { status: undefined }
      if (calls.made <= at) break
      statuses.push(status)
      // Whatever was left behind, the person and the client can begin again.
      expect((await signInTo(service, client, {}, openBrowser(service))).status).toBe(200)
    }

    expect(statuses.length).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([503]))
  })
})
