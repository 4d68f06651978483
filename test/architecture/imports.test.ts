import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { circles, forbidden, importsOf, readImports, rooms } from './import-rules.ts'
import { refusedImports } from './lint-imports.ts'

const root = join(import.meta.dirname, '../..')
const imports = readImports(root, 'functions/**/*.ts', 'infra/**/*.ts')

const layers = ['functions/http/api', 'functions/adapters/dynamodb', 'functions/wiring', 'functions/login', 'infra']
const roomFolders = Object.keys(rooms).map((room) => `functions/domain/${room}`)

describe('imports', () => {
  test('go only in the directions that the design allows, at any depth', () => {
    expect(imports.length).toBeGreaterThan(500)
    expect(forbidden(imports)).toEqual([])
  })

  test('form no circle between files or between rooms, not even of types', () => {
    const roomOf = (path: string) => /^functions\/domain\/([^/.]+)\//.exec(path)?.[1]

    expect(circles(imports, (path) => path)).toEqual([])
    expect(circles(imports, roomOf)).toEqual([])
  })

  test('are known for every room of the domain', () => {
    const folders = readdirSync(join(root, 'functions/domain'), { withFileTypes: true })

    expect(folders.filter((entry) => entry.isDirectory() && !(entry.name in rooms))).toEqual([])
    expect(folders.filter((entry) => !entry.isDirectory()).length).toBeLessThanOrEqual(10)
  })

  test.each(Object.entries(rooms))('of the room %s reach the rooms below it and no other', (room, allowed) => {
    const from = [`functions/domain/${room}/x.ts`, `functions/domain/${room}/deep/deeper/x.ts`]
    const tried = from.flatMap((path) =>
      [...roomFolders, ...layers].map((folder) => ({ from: path, to: `${folder}/y.ts` })),
    )
    const good = (to: string) => [room, ...allowed].some((name) => to.startsWith(`functions/domain/${name}/`))

    expect(forbidden(tried)).toEqual(tried.filter(({ to }) => !good(to)))
  })

  test.each([
    ['functions/domain/x.ts', 'functions/domain/accounts/account.ts'],
    ['functions/domain/tokens/x.ts', '@aws-sdk/client-kms'],
    ['functions/domain/factors/x.ts', '@aws-sdk/client-kms'],
    ['functions/domain/sign-in/x.ts', 'otpauth'],
    ['functions/domain/x.ts', 'uqr'],
    ['functions/domain/tokens/x.ts', '@simplewebauthn/server'],
    ['functions/http/api/x.ts', 'functions/adapters/aws-client.ts'],
    ['functions/http/api/deep/x.ts', 'functions/wiring/signing.ts'],
    ['functions/adapters/dynamodb/x.ts', 'functions/http/api/body.ts'],
    ['functions/adapters/dynamodb/x.ts', 'functions/wiring/signing.ts'],
    ['functions/wiring/x.ts', 'functions/http/api/body.ts'],
    ['functions/wiring/x.ts', 'functions/login/handler.ts'],
    ['functions/login/handler.ts', 'functions/token/handler.ts'],
    ['functions/login/handler.ts', 'functions/adapters/dynamodb/sessions/sessions.ts'],
    ['functions/login/handler.ts', 'functions/wiring/signing.ts'],
    ['functions/login/handler.ts', '@aws-sdk/client-dynamodb'],
    ['functions/login/index.ts', 'functions/token/index.ts'],
    ['functions/login/env.ts', 'functions/domain/clock.ts'],
    ['functions/login/index.ts', 'infra/construct/settings/settings.ts'],
    ['functions/wiring/x.ts', 'aws-cdk-lib/core'],
    ['infra/construct/x.ts', 'functions/login/handler.ts'],
    ['infra/local/aws/x.ts', 'functions/domain/sessions/session.ts'],
  ])('do not go from %s to %s', (from, to) => {
    expect(forbidden([{ from, to }])).toEqual([{ from, to }])
  })

  test.each(['otpauth', 'uqr', '@simplewebauthn/server', '@simplewebauthn/server/helpers'])(
    'of the room factors reach %s',
    (to) => {
      expect(forbidden([{ from: 'functions/domain/factors/x.ts', to }])).toEqual([])
    },
  )

  test('are found in every form of statement', () => {
    const source = [
      "import a from './a.ts'",
      "import type { B } from '../b.ts'",
      "export { c } from './deep/c.ts'",
      "import {\n  d,\n} from './d.ts'",
      "import './e.ts'",
      "const f = await import('./f.ts')",
      "import g from 'jose'",
    ]

    expect(importsOf('functions/x/y.ts', source.join('\n')).map(({ to }) => to)).toEqual([
      'functions/x/a.ts',
      'functions/b.ts',
      'functions/x/deep/c.ts',
      'functions/x/d.ts',
      'functions/x/e.ts',
      'functions/x/f.ts',
      'jose',
    ])
  })
})

// An editor shows these at once; the rules above are the whole.
describe('the linter', () => {
  const from = (path: string) => `import { x } from '${path}'`
  const infrastructure = ['aws-cdk-lib', 'aws-cdk-lib/core', 'constructs'].map(from)
  const rules: Readonly<Record<string, { readonly allowed: readonly string[]; readonly refused: readonly string[] }>> =
    {
      'functions/domain/scratch.ts': {
        allowed: ['./clock.ts', 'jose', 'node:crypto'].map(from),
        refused: [...['@aws-sdk/client-kms', 'aws-lambda', '../http/api/body.ts'].map(from), ...infrastructure],
      },
      'functions/domain/sessions/scratch.ts': {
        allowed: ['./session.ts', '../clock.ts', '../tokens/jws.ts'].map(from),
        refused: ['@middy/core', '../../http/api/body.ts', '../../login/env.ts'].map(from),
      },
      'functions/domain/factors/scratch.ts': {
        allowed: ['../result.ts', 'otpauth', 'uqr', '@simplewebauthn/server'].map(from),
        refused: ['@aws-sdk/client-kms', '../../http/api/body.ts'].map(from),
      },
      'functions/domain/passwords/hashing/scratch.ts': {
        allowed: ['./phc.ts', '../password.ts', '../../result.ts'].map(from),
        refused: ['../../../adapters/bcrypt.ts', '../../../login/env.ts'].map(from),
      },
      'functions/adapters/dynamodb/scratch.ts': {
        allowed: ['./client.ts', '../aws-client.ts', '../../domain/clock.ts', '@aws-sdk/client-kms'].map(from),
        refused: [...['../../http/api/body.ts', '../../login/env.ts'].map(from), ...infrastructure],
      },
      'functions/http/api/scratch.ts': {
        allowed: ['./body.ts', '../log.ts', '../../domain/clock.ts', '@middy/core'].map(from),
        refused: [...['../../adapters/aws-client.ts', '../../login/env.ts'].map(from), ...infrastructure],
      },
      'functions/wiring/scratch.ts': {
        allowed: ['./signing.ts', '../domain/clock.ts', '../adapters/aws-client.ts'].map(from),
        refused: [...['../http/api/body.ts', '../login/env.ts'].map(from), ...infrastructure],
      },
      'functions/login/handler.ts': {
        allowed: ['./request.ts', '../domain/clock.ts', '../http/api/body.ts'].map(from),
        refused: ['../adapters/aws-client.ts', '../wiring/x.ts', '../me/handler.ts', '@aws-sdk/client-kms'].map(from),
      },
      'functions/login/env.ts': {
        allowed: ['../adapters/environment/environment.ts'].map(from),
        refused: ['../domain/clock.ts', '../adapters/dynamodb/table/client.ts', '../me/env.ts'].map(from),
      },
      'functions/login/index.ts': {
        allowed: ['./handler.ts', '../domain/clock.ts', '../wiring/x.ts', '../adapters/aws-client.ts'].map(from),
        refused: ['../me/handler.ts', '../authorizer/env.ts'].map(from),
      },
      'infra/local/scratch.ts': {
        allowed: ["import type { LoginEnvName } from '../../functions/login/env.ts'", from('aws-cdk-lib/core')],
        refused: [
          "import { loginEnv } from '../../functions/login/env.ts'",
          ...['../../functions/login/handler.ts', '../../functions/domain/clock.ts'].map(from),
        ],
      },
    }

  test('refuses what goes against the layers', () => {
    const written = Object.entries(rules).map(([path, { allowed, refused }]) => [path, [...allowed, ...refused]])
    const expected = Object.entries(rules).map(([path, { refused }]) => [path, refused])

    expect(refusedImports(Object.fromEntries(written))).toEqual(Object.fromEntries(expected))
  })
})
