import { expect, test } from '@jest/globals'
import { relyingParty } from '../../functions/wiring/settings.ts'

const env = { ISSUER: 'https://auth.example.com', RP_ID: null, PASSKEY_ORIGINS: [] }

test.each<[string, Partial<Parameters<typeof relyingParty>[0]>, ReturnType<typeof relyingParty>]>([
  ['of a domain', {}, { rpId: 'auth.example.com', origins: ['https://auth.example.com'] }],
  [
    'of an issuer with port and path',
    { ISSUER: 'https://auth.example.com:8443/tenant' },
    { rpId: 'auth.example.com', origins: ['https://auth.example.com:8443'] },
  ],
  [
    'on this machine',
    { ISSUER: 'http://localhost:3000', PASSKEY_ORIGINS: ['http://localhost:5173'] },
    { rpId: 'localhost', origins: ['http://localhost:3000', 'http://localhost:5173'] },
  ],
  [
    'of a domain above',
    { RP_ID: 'example.com', PASSKEY_ORIGINS: ['https://app.example.com', 'https://auth.example.com'] },
    { rpId: 'example.com', origins: ['https://auth.example.com', 'https://app.example.com'] },
  ],
])('passkeys are bound to a name, and used by pages of the issuer and of these origins: %s', (_, changes, expected) => {
  expect(relyingParty({ ...env, ...changes })).toEqual(expected)
})
