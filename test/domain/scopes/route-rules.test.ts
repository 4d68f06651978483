import { expect, test } from '@jest/globals'
import { readRouteRules } from '../../../functions/domain/scopes/route-rules.ts'

test('the scopes of routes are read by API and route', () => {
  const json = '{"api1":{"GET /orders":"orders:read","ANY /orders/{id}":"orders:read orders:write"},"api2":{}}'

  expect(readRouteRules(json)).toEqual(
    new Map([
      [
        'api1',
        new Map([
          ['GET /orders', ['orders:read']],
          ['ANY /orders/{id}', ['orders:read', 'orders:write']],
        ]),
      ],
      ['api2', new Map()],
    ]),
  )
  expect(readRouteRules('{}')).toEqual(new Map())
})

// REQ-140
test.each([
  '',
  '-',
  'null',
  '[]',
  '5',
  '{"api":null}',
  '{"api":[]}',
  '{"api":"GET /orders"}',
  '{"api":{"GET /orders":""}}',
  '{"api":{"GET /orders":null}}',
  '{"api":{"GET /orders":["orders:read"]}}',
  '{"api":{"GET /orders":"orders:read  x"}}',
  '{"api":{"GET /orders":"a\\"b"}}',
  '{"api":{"GET /orders":"a"}',
])('what is not understood stops the load: %s', (json) => {
  expect(() => readRouteRules(json)).toThrow('ROUTE_RULES must give each route of each API at least one scope.')
})
