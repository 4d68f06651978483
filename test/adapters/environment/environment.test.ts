import { describe, expect, test } from '@jest/globals'
import { integer, issuerUrl, readEnv, text, words } from '../../../functions/adapters/environment/environment.ts'
import { resourceVariables } from '../../../functions/adapters/environment/variables.ts'

// REQ-140
describe('the environment', () => {
  const spec = { TABLE_NAME: text, ISSUER: issuerUrl, LIFETIME: integer({ min: 60, max: 3600 }), SCOPES: words }
  const good = { TABLE_NAME: 't', ISSUER: 'https://auth.example.com', LIFETIME: '900', SCOPES: 'a b' }

  test('is read once, typed and frozen', () => {
    const env = readEnv(spec, { ...good, OTHER: 'x' })

    expect(env).toEqual({ TABLE_NAME: 't', ISSUER: 'https://auth.example.com', LIFETIME: 900, SCOPES: ['a', 'b'] })
    expect(Object.isFrozen(env)).toBe(true)
  })

  test('names everything that is wrong, and no value', () => {
    const bad = { TABLE_NAME: '', ISSUER: 'secret-value', SCOPES: 'a' }

    expect(() => readEnv(spec, bad)).toThrow('Environment variables missing or malformed: TABLE_NAME, ISSUER, LIFETIME')
    expect(() => readEnv(spec, bad)).not.toThrow('secret-value')
  })

  test.each(['15m', '9e2', '', ' 900', '900 ', '-900', '0x384', '900.0', '59', '3601', '９００', '1'.repeat(400)])(
    'takes no lifetime of %.20j',
    (LIFETIME) => {
      expect(() => readEnv(spec, { ...good, LIFETIME })).toThrow('LIFETIME')
    },
  )

  test.each(['60', '3600'])('takes a lifetime of %s', (LIFETIME) => {
    expect(readEnv(spec, { ...good, LIFETIME }).LIFETIME).toBe(Number(LIFETIME))
  })

  test.each([
    'http://auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com?a=b',
    'https://auth.example.com#a',
    'https://user:secret@auth.example.com',
    'https://user@auth.example.com',
    'auth.example.com',
    'ftp://auth.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    ' https://auth.example.com',
    'javascript:alert(1)',
  ])('takes no issuer %j', (ISSUER) => {
    expect(() => readEnv(spec, { ...good, ISSUER })).toThrow('ISSUER')
  })

  test.each([
    'https://auth.example.com',
    'https://auth.example.com/tenant',
    'http://127.0.0.1:3000',
    'http://localhost:3000',
    'http://[::1]:3000',
  ])('takes the issuer %j', (ISSUER) => {
    expect(readEnv(spec, { ...good, ISSUER }).ISSUER).toBe(ISSUER)
  })

  test('writes an empty list as a dash', () => {
    expect(readEnv(spec, { ...good, SCOPES: '-' }).SCOPES).toEqual([])
  })

  // REQ-194
  test.each([
    ['[]', []],
    ['["https://a.example.com"]', [{ url: 'https://a.example.com', scopes: undefined }]],
    ['[["https://a.example.com","x","y"]]', [{ url: 'https://a.example.com', scopes: ['x', 'y'] }]],
    ['[["https://a.example.com"]]', [{ url: 'https://a.example.com', scopes: [] }]],
  ])('has resources with or without scopes of their own: %s', (text, resources) => {
    expect(readEnv(resourceVariables, { RESOURCES: text }).RESOURCES).toEqual(resources)
  })

  test.each([
    '-',
    '{}',
    '7',
    '"https://a.example.com"',
    '[7]',
    '["a"]',
    '[[]]',
    '[["https://a.example.com",7]]',
    '[null]',
  ])('has no resources that are not understood: %s', (text) => {
    expect(() => readEnv(resourceVariables, { RESOURCES: text })).toThrow('RESOURCES')
  })
})
