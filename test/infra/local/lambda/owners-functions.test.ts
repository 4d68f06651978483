import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { createLambda, type LambdaOptions, type LocalFunction } from '../../../../infra/local/lambda/lambda.ts'
import { account, localFunction } from '../../../support/local-lambda.ts'

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'code-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}

async function invoke(changes: Partial<LocalFunction>, options: Partial<LambdaOptions> = {}) {
  const log = () => undefined
  const functions = [localFunction('', changes)]
  const lambda = createLambda(functions, { endpoint: 'http://127.0.0.1:9', account, log, ...options })
  try {
    const { payload } = await lambda.invoke('greeter', '{"name":"ada"}')
    return JSON.parse(payload)
  } finally {
    await lambda.close()
  }
}

const greet = "({ name }) => 'hello ' + name"

describe("the owner's code", () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['CommonJS', { 'index.js': `exports.handler = async ${greet}` }, 'index.handler'],
    [
      'CommonJS whose exports only show when it runs',
      { 'index.js': `module['exports'] = { ['handler']: async ${greet} }` },
      'index.handler',
    ],
    ['CommonJS by its ending', { 'index.cjs': `exports.handler = async ${greet}` }, 'index.handler'],
    [
      'a module by its package',
      { 'index.js': `export const handler = async ${greet}`, 'package.json': '{"type":"module"}' },
      'index.handler',
    ],
    ['a module by its ending', { 'index.mjs': `export const handler = async ${greet}` }, 'index.handler'],
    ['in a folder', { 'dist/orders.js': `exports.handler = async ${greet}` }, 'dist/orders.handler'],
    ['within an export', { 'index.js': `exports.orders = { list: async ${greet} }` }, 'index.orders.list'],
  ])('may be %s', async (_, files, handler) => {
    expect(await invoke({ codeDirectory: folder(files), handler })).toBe('hello ada')
  })

  test('may stand in the template', async () => {
    expect(await invoke({ inline: `exports.handler = async ${greet}`, codeDirectory: '' })).toBe('hello ada')
  })

  test('takes a callback where its runtime is old enough', async () => {
    const inline = "exports.handler = ({ name }, context, done) => { setImmediate(done, null, 'hello ' + name) }"

    expect(await invoke({ inline, runtime: 'nodejs22.x' })).toBe('hello ada')
    expect(await invoke({ inline })).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' })
  })

  test('finds what is in its layers', async () => {
    const layer = folder({ 'nodejs/node_modules/greeting/index.js': "exports.greeting = 'hello'" })
    const inline =
      "const { greeting } = require('greeting')\nexports.handler = async ({ name }) => greeting + ' ' + name"

    expect(await invoke({ inline, layers: [layer] })).toBe('hello ada')
    expect(await invoke({ inline })).toMatchObject({ errorType: 'Runtime.ImportModuleError' })
  })
})

describe('the AWS SDK', () => {
  const app = folder({ 'node_modules/@aws-sdk/client-greeting/index.js': "exports.greeting = 'hello'" })
  const required =
    "const { greeting } = require('@aws-sdk/client-greeting')\nexports.handler = async ({ name }) => greeting + ' ' + name"
  const imported =
    "import { greeting } from '@aws-sdk/client-greeting'\nexport const handler = async ({ name }) => greeting + ' ' + name"

  test.each([
    ['required', required],
    ['imported', imported],
  ])('is there for a function that leaves it out, and is %s', async (_, inline) => {
    expect(await invoke({ inline }, { sdkFrom: ['/nowhere', app] })).toBe('hello ada')
  })

  test('is to be installed where the app has not the part of it', async () => {
    expect(await invoke({ inline: required }, { sdkFrom: ['/nowhere'] })).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining('npm install --save-dev @aws-sdk/client-greeting'),
    })
  })

  test('is no way to what else the app has', async () => {
    const other = folder({ 'node_modules/greeting/index.js': '' })
    const inline = "require('greeting')\nexports.handler = async () => 1"

    expect(await invoke({ inline }, { sdkFrom: [other] })).toMatchObject({ errorType: 'Runtime.ImportModuleError' })
  })

  test('goes where a service is that is not served here', async () => {
    const inline = 'exports.handler = async () => process.env.AWS_ENDPOINT_URL_S3'
    const variables = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' }

    expect(await invoke({ inline }, { variables })).toBe('http://127.0.0.1:9000')
  })
})
