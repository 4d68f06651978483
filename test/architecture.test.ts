import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { bundle } from '../infra/bundle.ts'
import { refusedImports } from './support/lint-imports.ts'
import { synthesise } from './support/stack.ts'

const functions = join(import.meta.dirname, '../functions')
const folders = readdirSync(functions).sort()
const deployed = folders.filter((name) => existsSync(join(functions, name, 'index.ts')))

describe('imports', () => {
  const from = (path: string) => `import { x } from '${path}'`
  const infrastructure = ['aws-cdk-lib', 'aws-cdk-lib/core', 'constructs', '../../infra/settings.ts'].map(from)
  const rules: Readonly<Record<string, { readonly allowed: readonly string[]; readonly refused: readonly string[] }>> =
    {
      'functions/domain/scratch.ts': {
        allowed: ['./user.ts', 'jose', 'node:crypto'].map(from),
        refused: [
          ...['@aws-sdk/client-kms', '@middy/core', 'aws-lambda'].map(from),
          ...['../http/body.ts', '../adapters/env.ts', '../login/env.ts'].map(from),
          ...infrastructure,
        ],
      },
      'functions/adapters/scratch.ts': {
        allowed: ['./env.ts', '../domain/user.ts', '@aws-sdk/client-kms'].map(from),
        refused: [...['../http/body.ts', '../login/env.ts'].map(from), ...infrastructure],
      },
      'functions/http/scratch.ts': {
        allowed: ['./body.ts', '../domain/user.ts', '@middy/core'].map(from),
        refused: [...['../adapters/env.ts', '../login/env.ts'].map(from), ...infrastructure],
      },
      'functions/login/handler.ts': {
        allowed: ['./request.ts', '../domain/user.ts', '../http/body.ts'].map(from),
        refused: [...['../adapters/env.ts', '../me/handler.ts', '@aws-sdk/client-kms'].map(from), ...infrastructure],
      },
      'functions/login/request.ts': {
        allowed: ['../domain/user.ts', '../http/body.ts', 'valibot'].map(from),
        refused: [...['../adapters/env.ts', '../me/request.ts', '@aws-sdk/client-kms'].map(from), ...infrastructure],
      },
      'functions/login/env.ts': {
        allowed: ['../adapters/env.ts'].map(from),
        refused: [...['../domain/user.ts', '../adapters/dynamodb.ts', '../me/env.ts'].map(from), ...infrastructure],
      },
      'functions/login/index.ts': {
        allowed: ['./handler.ts', '../domain/user.ts', '../http/body.ts', '../adapters/env.ts'].map(from),
        refused: [...['../me/handler.ts', '../authorizer/env.ts'].map(from), ...infrastructure],
      },
      'infra/scratch.ts': {
        allowed: ["import type { LoginEnvName } from '../functions/login/env.ts'", from('aws-cdk-lib/core')],
        refused: [
          "import { loginEnv } from '../functions/login/env.ts'",
          ...['../functions/login/handler.ts', '../functions/domain/user.ts', '../functions/adapters/env.ts'].map(from),
        ],
      },
      'infra/local/scratch.ts': {
        allowed: [from('../settings.ts')],
        refused: ['../../functions/login/handler.ts', '../../functions/domain/user.ts'].map(from),
      },
    }

  test('go in the direction that the design allows, and in no other', () => {
    const written = Object.entries(rules).map(([path, { allowed, refused }]) => [path, [...allowed, ...refused]])
    const expected = Object.entries(rules).map(([path, { refused }]) => [path, refused])

    expect(refusedImports(Object.fromEntries(written))).toEqual(Object.fromEntries(expected))
  })

  test('of the domain are jose and what Node computes with', () => {
    const files = readdirSync(join(functions, 'domain')).map((name) =>
      readFileSync(join(functions, 'domain', name), 'utf8'),
    )
    const modules = files.flatMap((text) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name))

    expect([...new Set(modules)].sort()).toEqual(['jose', 'node:crypto', 'node:util'])
  })
})

test('a folder with an index.ts is one function of the stack, and the stack has no other', async () => {
  const namesOf = async (context: Readonly<Record<string, unknown>>) =>
    (await synthesise(context)).ofType('AWS::Lambda::Function').map(([id]) => id)
  // One of the two authorizers is deployed, as the setting says, and registration where it is wanted.
  const [usual, other] = await Promise.all([
    namesOf({}),
    namesOf({ revocation: 'immediate', selfRegistration: 'true' }),
  ])

  expect(usual.sort()).toEqual(deployed.filter((name) => !['authorizerImmediate', 'register'].includes(name)))
  expect(other.sort()).toEqual(deployed.filter((name) => name !== 'authorizer'))
  expect(folders.filter((name) => !deployed.includes(name))).toEqual(['adapters', 'domain', 'http'])
}, 60_000)

describe('a bundle', () => {
  // DESIGN 13 says how big log-in and the authorizer may be; the others are held to what they are and a little more.
  const budgets: Readonly<Record<string, { readonly bytes: number; readonly packages: RegExp }>> = {
    admin: {
      bytes: 500_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|valibot|bcryptjs)$/,
    },
    authorizer: { bytes: 25_000, packages: /^jose$/ },
    authorizerImmediate: {
      bytes: 240_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|jose)$/,
    },
    discovery: { bytes: 8_000, packages: /^@middy\/core$/ },
    jwks: { bytes: 220_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|jose|valibot)$/ },
    login: {
      bytes: 280_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|bcryptjs)$/,
    },
    me: { bytes: 8_000, packages: /^@middy\/core$/ },
    password: {
      bytes: 550_000,
      packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core|bcryptjs)$/,
    },
    register: { bytes: 490_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    revoke: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    sessions: { bytes: 240_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
    token: { bytes: 260_000, packages: /^(@aws-sdk\/.+|@smithy\/.+|@aws\/.+|mnemonist|obliterator|@middy\/core)$/ },
  }
  const bundles = bundle(mkdtempSync(join(tmpdir(), 'budget-')))

  test('has a budget, each of them', async () => {
    expect((await bundles).map(({ name }) => name)).toEqual(Object.keys(budgets))
  })

  test('of the authorizer is the same to the byte, whatever stands beside it', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'alone-'))
    for (const name of ['authorizer', 'adapters', 'domain', 'http']) {
      cpSync(join(functions, name), join(alone, 'functions', name), { recursive: true })
    }
    symlinkSync(join(functions, '../node_modules'), join(alone, 'node_modules'))
    const made = mkdtempSync(join(tmpdir(), 'made-'))
    await Promise.all([bundle(join(made, 'alone'), join(alone, 'functions')), bundle(join(made, 'all'))])

    const read = (from: string) => readFileSync(join(made, from, 'authorizer/index.mjs'), 'utf8')
    expect(read('alone')).toBe(read('all'))
  })

  // SECURITY 142
  test.each(Object.entries(budgets))('stays within its budget and its packages: %s', async (name, budget) => {
    const { bytes = 0, packages = [] } = (await bundles).find((made) => made.name === name) ?? {}

    expect(packages.filter((found) => !budget.packages.test(found))).toEqual([])
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(budget.bytes)
  })
})
