import { expect, test } from '@jest/globals'
import { readRouteRules } from '../../../functions/domain/scopes/route-rules.ts'

const only = (...scopes: readonly string[]) => ({ scopes })

test('the rules of routes are read by API and route', () => {
  const json = '{"api1":{"GET /orders":"orders:read","ANY /orders/{id}":"orders:read orders:write"},"api2":{}}'

  expect(readRouteRules(json)).toEqual(
    new Map([
      [
        'api1',
        new Map([
          ['GET /orders', only('orders:read')],
          ['ANY /orders/{id}', only('orders:read', 'orders:write')],
        ]),
      ],
      ['api2', new Map()],
    ]),
  )
  expect(readRouteRules('{}')).toEqual(new Map())
})

// REQ-176
test.each([
  ['["pay",600,"mfa"]', { scopes: ['pay'], maxAge: 600, acr: 'mfa' }],
  ['["pay refund",null,null]', { scopes: ['pay', 'refund'], maxAge: null, acr: null }],
  ['["",600,null]', { scopes: [], maxAge: 600, acr: null }],
  ['["",null,"mfa"]', { scopes: [], maxAge: null, acr: 'mfa' }],
  ['["",null,"pwd"]', { scopes: [], maxAge: null, acr: 'pwd' }],
  ['["",1]', { scopes: [], maxAge: 1 }],
])('a rule may also say how old and how weak a log-in may be: %s', (rule, read) => {
  expect(readRouteRules(`{"api":{"$connect":${rule}}}`)).toEqual(new Map([['api', new Map([['$connect', read]])]]))
})

test.each([
  ['["",null,null,["admin"]]', { scopes: [], maxAge: null, acr: null, groups: ['admin'] }],
  ['["pay",600,"mfa",["admin","editors"]]', { scopes: ['pay'], maxAge: 600, acr: 'mfa', groups: ['admin', 'editors'] }],
  ['["pay",600,"mfa",null]', { scopes: ['pay'], maxAge: 600, acr: 'mfa', groups: null }],
  ['["pay",null,null,[]]', { scopes: ['pay'], maxAge: null, acr: null, groups: [] }],
])('a rule may also say of which groups the caller must be in one: %s', (rule, read) => {
  expect(readRouteRules(`{"api":{"$connect":${rule}}}`)).toEqual(new Map([['api', new Map([['$connect', read]])]]))
})

const rules = [
  ...['""', 'null', '{}', '7', '{"scope":"a"}', '"orders:read  x"', '"a\\"b"'],
  ...['[]', '[""]', '["",null,null]', '[null,600,"mfa"]', '[7,600,"mfa"]', '[["a"],600]'],
  ...['["a",0]', '["a",1.5]', '["a",1e999]', '["a",-1]', '["a","600"]', '["a",true]', '["a",[600]]', '["a",{}]'],
  ...['["a",600,"MFA"]', '["a",600,""]', '["a",600,["mfa"]]', '["a",600,true]', '["a",600,"mfa",1]'],
  ...['["",null,null,null]', '["a",600,"mfa","admin"]', '["a",600,"mfa",{}]', '["a",600,"mfa",["b"],1]'],
].map((rule) => `{"api":{"GET /":${rule}}}`)

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
  '{"api":{"GET /orders":"a"}',
  ...rules,
])('what is not understood is no rule: %s', (json) => {
  expect(readRouteRules(json)).toBeUndefined()
})
