import { describe, expect, test } from '@jest/globals'
import { createResourceHandler, isOfResource } from '../../functions/discovery/protected-resource.ts'
import { httpEvent } from '../support/builders/events.ts'

const issuer = 'https://auth.example.com'
const mcp = { url: 'https://mcp.example.com/mcp', scopes: ['a'] }
const own = { url: `${issuer}/files` }
const root = 'GET /.well-known/oauth-protected-resource'

const setUp = (resources: readonly { readonly url: string }[], paths: Readonly<Record<string, string>> = {}) => {
  const handle = createResourceHandler({ issuer, scopes: ['a', 'b'], resources, paths: new Map(Object.entries(paths)) })
  return async (routeKey: string, apiId = 'api', path?: string) => {
    const event = httpEvent(routeKey, { ...(path !== undefined && { pathParameters: { path } }) })
    const { status, body } = await handle({ ...event, requestContext: { ...event.requestContext, apiId } })
    return status === 200 ? (body as { readonly resource: string }).resource : status
  }
}

// REQ-195
describe('the metadata of a protected resource', () => {
  test('is found by its API and path, whatever host the request came by', async () => {
    const read = setUp([mcp, own], { 'one /mcp': mcp.url, 'one /': mcp.url, 'two /mcp': own.url })

    expect(await read(`${root}/mcp`, 'one')).toBe(mcp.url)
    expect(await read(root, 'one')).toBe(mcp.url)
    expect(await read(`${root}/mcp`, 'two')).toBe(own.url)
  })

  test('is found by its path on the host of the issuer, where the settings name it', async () => {
    const read = setUp([mcp, own])

    expect(await read(`${root}/{path+}`, 'api', 'files')).toBe(own.url)
    expect(await read(root)).toBe(own.url)
    expect(await read(`${root}/{path+}`, 'api', 'mcp')).toBe(404)
    expect(await read(`${root}/{path+}`, 'api', 'files/')).toBe(404)
    expect(await read(`${root}/{path+}`)).toBe(own.url)
  })

  test('is not guessed where the host has several', async () => {
    const read = setUp([own, { url: `${issuer}/mcp` }])

    expect(await read(root)).toBe(404)
    expect(await read(`${root}/{path+}`, 'api', 'mcp')).toBe(`${issuer}/mcp`)
  })

  test('lists the scopes of the service where the resource has none of its own, and no empty list', async () => {
    const handle = (scopes: readonly string[]) =>
      createResourceHandler({ issuer, scopes, resources: [own], paths: new Map() })(httpEvent(root))

    expect((await handle(['a', 'b'])).body).toMatchObject({ scopes_supported: ['a', 'b'] })
    expect((await handle([])).body).toEqual({
      ...{ resource: own.url, authorization_servers: [issuer], bearer_methods_supported: ['header'] },
    })
  })

  test.each([
    [root, true],
    [`${root}/mcp`, true],
    [`${root}s`, false],
    ['GET /.well-known/oauth-authorization-server', false],
  ])('is asked for by %s: %s', (route, expected) => {
    expect(isOfResource(route)).toBe(expected)
  })
})
