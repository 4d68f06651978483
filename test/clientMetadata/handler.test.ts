import { describe, expect, it } from '@jest/globals'
import { createFetchJson } from '../../functions/adapters/https/fetch-json.ts'
import { createClientMetadataHandler } from '../../functions/clientMetadata/handler.ts'
import { createClientKey } from '../support/builders/assertions.ts'
import { agentUrl, documentOf } from '../support/builders/clients-by-url.ts'
import { documentHost, openDocumentServer, type Respond, respondWith } from '../support/document-server.ts'

const key = await createClientKey('ES256')

async function setUp(respond: Respond, hosts: readonly string[] = [documentHost]) {
  const server = await openDocumentServer(respond)
  const lines: string[] = []
  const handler = createClientMetadataHandler({
    fetchJson: server.fetchJson,
    hosts,
    write: (line) => void lines.push(line),
    now: () => 1_800_000_000_000,
  })
  return {
    ask: (event: unknown) => handler(event, { awsRequestId: 'a request' }),
    requests: server.requests,
    logged: () => lines.map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describe('the function that fetches documents of clients', () => {
  it('answers with what it knows of the document, and how long it may be kept', async () => {
    await using host = await setUp(
      respondWith(documentOf({ first_party: true, logo_uri: 'x' }), { 'cache-control': 'max-age=600' }),
    )

    expect(await host.ask({ kind: 'document', url: agentUrl })).toEqual({ value: documentOf(), freshFor: 600 })
    expect(host.logged()).toEqual([
      {
        ...{ time: '2027-01-15T08:00:00.000Z', event: 'client_metadata', outcome: 'success' },
        ...{ kind: 'document', url: agentUrl, request_id: 'a request' },
      },
    ])
  })

  it('answers with public keys only', async () => {
    await using host = await setUp(respondWith({ keys: [{ ...key.jwk, 'x-note': 'hello' }] }))

    expect(await host.ask({ kind: 'keys', url: agentUrl })).toEqual({ value: { keys: [key.jwk] }, freshFor: 300 })
  })

  // REQ-193
  it.each<[string, 'document' | 'keys', unknown]>([
    ['wrong_client_id', 'document', documentOf({ client_id: 'https://agent.example/other.json' })],
    ['wrong_redirect_uris', 'document', documentOf({ redirect_uris: [] })],
    ['wrong_document', 'document', [documentOf()]],
    ['wrong_keys', 'keys', { keys: [key.privateJwk] }],
    ['wrong_keys', 'keys', documentOf()],
  ])('refuses one that is not valid (%s), and says in the log why', async (reason, kind, body) => {
    await using host = await setUp(respondWith(body))

    expect(await host.ask({ kind, url: agentUrl })).toEqual({ refused: reason })
    expect(host.logged()).toMatchObject([{ event: 'client_metadata_fail', outcome: 'failure', reason, url: agentUrl }])
  })

  it('says in the log why a document cannot be fetched', async () => {
    await using host = await setUp((_, response) => response.writeHead(302, { location: agentUrl }).end())

    expect(await host.ask({ kind: 'document', url: agentUrl })).toEqual({ refused: 'wrong_status' })
    expect(host.logged()).toMatchObject([{ event: 'client_metadata_fail', reason: 'wrong_status' }])
  })

  // REQ-193
  it('asks no host that the setting does not name, whatever it is told', async () => {
    for (const hosts of [[], ['other.example']]) {
      await using host = await setUp(respondWith(documentOf()), hosts)

      expect(await host.ask({ kind: 'document', url: agentUrl })).toEqual({ refused: 'refused_url' })
      expect(host.requests).toEqual([])
    }
  })

  it.each([undefined, {}, { kind: 'document' }, { kind: 'other', url: agentUrl }, { kind: 'keys', url: 1 }])(
    'throws for %j, which no function of ours sends',
    async (event) => {
      await using host = await setUp(respondWith({}))

      await expect(host.ask(event)).rejects.toThrow('This asks for no document and no keys.')
    },
  )

  // REQ-193
  it('reaches nothing on loopback as it is deployed', async () => {
    const handler = createClientMetadataHandler({
      fetchJson: createFetchJson(),
      hosts: ['all'],
      write: () => {},
      now: Date.now,
    })

    expect(await handler({ kind: 'document', url: 'https://localhost/client.json' }, { awsRequestId: 'a' })).toEqual({
      refused: 'refused_url',
    })
  })
})
