import { describe, expect, test } from '@jest/globals'
import { createRouter } from '../../../../infra/local/gateway/routes.ts'

const find = (keys: readonly string[], method: string, path: string) => {
  const match = createRouter(keys.map((key) => ({ key })))(method, path)
  return match && [match.route.key, match.pathParameters]
}

describe('a route is chosen', () => {
  const pets = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/{kind}/{id}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
  ]

  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/3', 'GET /pets/{kind}/{id}', { kind: 'cat', id: '3' }],
    ['GET', '/pets/cat/3/tail', 'GET /pets/{proxy+}', { proxy: 'cat/3/tail' }],
    ['PUT', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/', '$default', {}],
  ])('%s %s as %s: the most literal first, greedy after that, $default last', (method, path, key, parameters) => {
    expect(find(pets, method, path)).toEqual([key, parameters])
  })

  test('by its own method before ANY', () => {
    expect(find(['ANY /me', 'GET /me'], 'GET', '/me')).toEqual(['GET /me', {}])
    expect(find(['ANY /me', 'GET /me'], 'PUT', '/me')).toEqual(['ANY /me', {}])
  })

  test('whatever the order in which the template has the routes', () => {
    expect(find(pets.toReversed(), 'GET', '/pets/dog/1')).toEqual(['GET /pets/dog/1', {}])
  })

  test('by decoded segments, and an encoded slash does not end one', () => {
    expect(find(['GET /{name}'], 'GET', '/a%2Fb%20c')).toEqual(['GET /{name}', { name: 'a/b c' }])
    expect(find(['GET /me'], 'GET', '/m%65')).toEqual(['GET /me', {}])
  })

  test('for //me too', () => {
    expect(find(['GET /me'], 'GET', '//me')).toEqual(['GET /me', {}])
  })
})

test.each([
  ['another method', 'POST', '/me'],
  ['HEAD, which is not GET', 'HEAD', '/me'],
  ['a slash at the end', 'GET', '/me/'],
  ['another case', 'GET', '/Me'],
  ['more segments', 'GET', '/me/too'],
  ['a path that cannot be decoded', 'GET', '/%E0%A4%A'],
])('%s has no route', (_, method, path) => {
  expect(find(['GET /me'], method, path)).toBeUndefined()
})

test.each(['/a', '/a/'])('an empty variable does not match: %s', (path) => {
  expect(find(['GET /a/{id}', 'GET /a/{proxy+}'], 'GET', path)).toBeUndefined()
})

test.each(['me', 'GET me', 'x GET /me', 'get /me', 'GET /{proxy+}/me', 'GET /a b', 'GET /{', '$disconnect'])(
  'the route key "%s" stops the start',
  (key) => {
    expect(() => find([key], 'GET', '/me')).toThrow(`The route key "${key}" is not understood here.`)
  },
)
