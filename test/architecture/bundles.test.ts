import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { bundle } from '../../infra/build/bundle.ts'
import { functionSpecs } from '../../infra/construct/function-specs.ts'
import { synthesise } from '../support/builders/stack.ts'

const functions = join(import.meta.dirname, '../../functions')
const folders = readdirSync(functions).sort()
const deployed = folders.filter((name) => existsSync(join(functions, name, 'index.ts')))

test('a folder with an index.ts is one function of the stack, and the stack has no other', async () => {
  const namesOf = async (context: Readonly<Record<string, unknown>>) =>
    (await synthesise(context)).ofType('AWS::Lambda::Function').map(([id]) => id)
  // One of the two authorizers is deployed, as the setting says, under one id; others where they are wanted.
  const aFunction = 'arn:aws:lambda:eu-central-1:123456789012:function:old-users'
  const [usual, other] = await Promise.all([
    namesOf({}),
    namesOf({
      revocation: 'immediate',
      selfRegistration: 'true',
      migration: aFunction,
      emailFrom: 'no-reply@example.com',
      secondFactor: 'optional',
      signInPages: 'true',
      clientsByUrl: 'all',
      clients: JSON.stringify(['web', { client_id: 'app', redirect_uris: ['https://app.example.com/'] }]),
    }),
  ])

  const mailed = ['mail', 'recover', 'email']
  const pages = ['account', 'authorize', 'signIn', 'userinfo', 'clients', 'clientMetadata']
  const optional = ['authorizerImmediate', 'register', 'migrate', ...mailed, 'factors', 'passkey', ...pages]
  expect(usual.sort()).toEqual(deployed.filter((name) => !optional.includes(name)))
  expect(other.sort()).toEqual(deployed.filter((name) => name !== 'authorizerImmediate'))
  expect(functionSpecs.map(({ name }) => name).sort()).toEqual(deployed)
  expect(folders.filter((name) => !deployed.includes(name))).toEqual(['adapters', 'domain', 'http', 'wiring'])
})

const readPackage = (name: string): { readonly version: string } =>
  JSON.parse(readFileSync(join(functions, '../node_modules', name, 'package.json'), 'utf8'))

describe('a bundle', () => {
  // DESIGN 13 says how big log-in and the authorizer may be; the others are held to what they are and a little more.
  const budgets: Readonly<Record<string, { readonly bytes: number; readonly packages: RegExp }>> = {
    // DESIGN 13: 300 KB for each function of pages.
    account: {
      bytes: 300_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|hono)$/,
    },
    admin: {
      // API keys, which end with the account, and the commands for them.
      bytes: 537_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|valibot|bcryptjs)$/,
    },
    apiKeys: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    authorize: {
      bytes: 300_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|hono)$/,
    },
    authorizer: { bytes: 9_000, packages: /^$/ },
    authorizerImmediate: {
      bytes: 240_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator)$/,
    },
    clientMetadata: { bytes: 20_000, packages: /^$/ },
    clients: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|valibot)$/ },
    discovery: { bytes: 12_500, packages: /^@middy\/core$/ },
    email: {
      bytes: 300_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|bcryptjs)$/,
    },
    factors: {
      bytes: 300_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|otpauth|@noble\/hashes|uqr)$/,
    },
    jwks: { bytes: 220_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|jose|valibot)$/ },
    login: {
      bytes: 290_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|bcryptjs|otpauth)$/,
    },
    mail: { bytes: 300_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator)$/ },
    me: { bytes: 8_000, packages: /^@middy\/core$/ },
    migrate: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator)$/ },
    // DESIGN 13: `@simplewebauthn/server` is most of it.
    passkey: {
      bytes: 600_000,
      packages:
        /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|@simplewebauthn\/server|@peculiar\/.+|@hexagon\/base64|@levischuck\/tiny-cbor|pvtsutils|pvutils|asn1js|reflect-metadata|tslib|tsyringe|otpauth|@noble\/hashes)$/,
    },
    password: {
      bytes: 550_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|bcryptjs)$/,
    },
    recover: { bytes: 500_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    register: { bytes: 500_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    revoke: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    sessions: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    signIn: {
      bytes: 300_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|hono|bcryptjs|otpauth)$/,
    },
    // DESIGN 13. What verifies assertions, with jose, is a chunk of its own.
    token: { bytes: 300_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    userinfo: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
  }
  const outdir = mkdtempSync(join(tmpdir(), 'budget-'))
  const bundles = bundle(outdir)

  test('has a budget, each of them', async () => {
    expect((await bundles).map(({ name }) => name)).toEqual(Object.keys(budgets))
  })

  test('of the authorizer is the same to the byte, whatever stands beside it', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'alone-'))
    for (const name of ['authorizer', 'adapters', 'domain', 'http', 'wiring']) {
      cpSync(join(functions, name), join(alone, 'functions', name), { recursive: true })
    }
    symlinkSync(join(functions, '../node_modules'), join(alone, 'node_modules'))
    cpSync(join(functions, '../package.json'), join(alone, 'package.json'))
    await Promise.all([bundle(join(alone, 'dist'), join(alone, 'functions')), bundles])

    const read = (from: string) => readFileSync(join(from, 'authorizer/index.mjs'), 'utf8')
    expect(read(join(alone, 'dist'))).toBe(read(outdir))
  })

  // DESIGN 13: a chunk of its own, which no function loads before it needs it, and which is not counted.
  test('has the rare hash schemes beside it, in at most 30 KB', async () => {
    await bundles
    const read = (file: string) => readFileSync(join(outdir, 'login', file), 'utf8')

    expect(Buffer.byteLength(read('rare-schemes.mjs'))).toBeLessThanOrEqual(30_000)
    // The key of WordPress's HMAC and Firebase's form stand for all of them.
    for (const rare of ['wp-sha384', 'firebase-scrypt']) {
      expect([read('index.mjs').includes(rare), read('rare-schemes.mjs').includes(rare)]).toEqual([false, true])
    }
    // The export to other systems is only the administrator's.
    expect(read('index.mjs') + read('rare-schemes.mjs')).not.toContain('An export computes no hash.')
  })

  // DESIGN 13: most clients have a secret, and load no more for the others.
  test.each(['token', 'revoke'])('of %s has what verifies assertions beside it, in at most 20 KB', async (name) => {
    await bundles
    const read = (file: string) => readFileSync(join(outdir, name, file), 'utf8')

    expect(Buffer.byteLength(read('assertion-signature.mjs'))).toBeLessThanOrEqual(20_000)
    expect(
      [read('index.mjs'), read('assertion-signature.mjs')].map((text) => text.includes('ERR_JWS_INVALID')),
    ).toEqual([false, true])
  })

  // The SDK tells its version in each request, and needs no more of its package.json.
  test('has the versions of the clients of the SDK, and no more of their package.json', async () => {
    await bundles
    const text = readFileSync(join(outdir, 'login', 'index.mjs'), 'utf8')

    expect(text).not.toContain('"@aws-sdk/client-dynamodb"')
    expect(text).not.toContain('devDependencies')
    expect(text).toContain(readPackage('@aws-sdk/client-dynamodb').version)
  })

  // REQ-142
  test.each(Object.entries(budgets))('stays within its budget and its packages: %s', async (name, budget) => {
    const { bytes = 0, packages = [] } = (await bundles).find((made) => made.name === name) ?? {}

    expect(packages.filter((found) => !budget.packages.test(found))).toEqual([])
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(budget.bytes)
  })
})
