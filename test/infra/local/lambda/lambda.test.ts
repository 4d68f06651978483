import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { localFunction, startLambda } from '../../../support/local-lambda.ts'

const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/)
const handler = (body: string) => `export const handler = async (event, context) => { ${body} }`

async function invokeOnce(source: string, event: unknown = {}) {
  await using lambda = startLambda([localFunction(source, { timeout: 30 })])
  const { payload, functionError } = await lambda.invoke('greeter', JSON.stringify(event))
  return { functionError, payload: JSON.parse(payload), lines: lambda.lines }
}

test('a function gets the event and answers with what it returns', async () => {
  const invocation = await invokeOnce(handler('return { hello: event.name }'), { name: 'ada' })

  expect(invocation).toEqual({ payload: { hello: 'ada' }, functionError: undefined, lines: [] })
})

test('a function that returns nothing answers null', async () => {
  expect(await invokeOnce(handler(''))).toEqual({ payload: null, functionError: undefined, lines: [] })
})

test('the context says who is invoked and how long is left', async () => {
  const { payload } = await invokeOnce(handler('return { ...context, left: context.getRemainingTimeInMillis() }'))

  expect(payload).toEqual({
    awsRequestId: requestId,
    functionName: 'greeter',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:greeter',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/greeter',
    logStreamName: 'local',
    left: expect.any(Number),
  })
  expect(payload.left).toBeLessThanOrEqual(30_000)
})

test.each([
  ['throws', handler('throw new TypeError("boom")'), 'TypeError', 'boom'],
  ['throws what is no error', handler('throw "Unauthorized"'), 'string', 'Unauthorized'],
  ['returns what is no JSON', handler('return 1n'), 'Error', 'Unable to stringify response body'],
  [
    'loses a promise that fails',
    handler('Promise.reject(new Error("lost")); await new Promise(() => setInterval(() => {}, 1000))'),
    'Runtime.UnhandledPromiseRejection',
    'Error: lost',
  ],
  ['fails as it is loaded', 'throw new Error("no settings")', 'Error', 'no settings'],
  ['is no JavaScript', 'export const handler =', 'Runtime.UserCodeSyntaxError', 'SyntaxError: Unexpected end of input'],
  ['is missing', 'export const other = 1', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
  [
    'takes a callback',
    'export const handler = (event, context, callback) => callback(null, 1)',
    'Runtime.CallbackHandlerDeprecated',
    'Node.js 24 takes no callback handlers: return a promise instead.',
  ],
])('a function that %s is an error as Lambda words it', async (_, source, errorType, errorMessage) => {
  const { functionError, payload, lines } = await invokeOnce(source)

  expect({ functionError, payload }).toEqual({
    functionError: 'Unhandled',
    payload: { errorType, errorMessage, trace: expect.any(Array) },
  })
  expect(lines).toEqual([`greeter: ERROR Invoke Error ${JSON.stringify(payload)}`])
})

test.each([
  ['ends its process', 'process.exit(3)', 'Runtime.ExitError', 'Runtime exited with error: exit status 3'],
  ['ends its process well', 'process.exit(0)', 'Runtime.ExitError', 'Runtime exited without providing a reason'],
  [
    'is killed',
    'process.kill(process.pid, "SIGKILL")',
    'Runtime.ExitError',
    'Runtime exited with error: signal: killed',
  ],
  ['never ends', 'for (;;);', 'Sandbox.Timedout', 'Task timed out after 5.00 seconds'],
  ['waits for ever', 'await new Promise(() => {})', 'Sandbox.Timedout', 'Task timed out after 5.00 seconds'],
])('a function that %s loses its sandbox, and the next event gets a fresh one', async (_, body, errorType, cause) => {
  const source = handler(`if (event.bad) { ${body} } return process.pid`)
  await using lambda = startLambda([localFunction(source, { timeout: 5 })])

  const first = await lambda.invoke('greeter', '{}')
  const lost = await lambda.invoke('greeter', '{"bad":true}')
  const next = await lambda.invoke('greeter', '{}')

  expect({ ...lost, payload: JSON.parse(lost.payload) }).toEqual({
    functionError: 'Unhandled',
    payload: {
      errorType,
      errorMessage: expect.stringMatching(new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${cause}$`)),
    },
    log: JSON.parse(lost.payload).errorMessage,
  })
  expect(lambda.lines).toEqual([`greeter: ${lost.log}`])
  expect(next.payload).not.toBe(first.payload)
})

test('a function sees the variables of its template and those of Lambda, and nothing of the shell', async () => {
  using shell = new DisposableStack()
  shell.defer(() => delete process.env['AWS_PROFILE'])
  process.env['AWS_PROFILE'] = 'production'
  await using lambda = startLambda(
    [localFunction(handler('return process.env'), { environment: { TABLE_NAME: 'users' } })],
    'http://127.0.0.1:4566',
  )
  const { payload } = await lambda.invoke('greeter', '{}')

  expect(JSON.parse(payload)).toEqual({
    TABLE_NAME: 'users',
    _HANDLER: 'index.handler',
    AWS_ACCESS_KEY_ID: 'ASIAGREETER',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'greeter',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greeter',
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: expect.stringMatching(/greeter$/),
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
  })
})

test('a template that sets a variable of Lambda is refused, with its name', () => {
  const function_ = localFunction(handler(''), { environment: { AWS_REGION: 'x', OTHER: 'y' } })

  expect(() => startLambda([function_])).toThrow('Function greeter sets variables that Lambda reserves: AWS_REGION.')
})

test('a package that is missing in the bundle is missing, though the project has it', async () => {
  const { codeDirectory } = localFunction("import 'jose'\nexport const handler = async () => {}")
  const inProject = mkdtempSync(join(import.meta.dirname, 'code-'))
  cpSync(codeDirectory, inProject, { recursive: true })
  await using lambda = startLambda([localFunction('', { codeDirectory: inProject })])
  rmSync(inProject, { recursive: true })
  const { payload } = await lambda.invoke('greeter', '{}')

  expect(JSON.parse(payload)).toEqual({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: expect.stringContaining("Cannot find package 'jose'"),
    trace: expect.any(Array),
  })
})

test('events that come one after another share a sandbox; at most ten at once have one each, and the others wait', async () => {
  await using lambda = startLambda([localFunction(handler('return process.pid'))])
  const one = await lambda.invoke('greeter', '{}')
  const other = await lambda.invoke('greeter', '{}')
  const many = await Promise.all(Array.from({ length: 14 }, () => lambda.invoke('greeter', '{}')))

  expect(other.payload).toBe(one.payload)
  expect(new Set(many.map(({ payload }) => payload)).size).toBe(10)
})

test('what a function writes is logged by its name and belongs to its invocation, not to the answer', async () => {
  const body = 'event.odd ? console.error("odd") : console.log("{}"); return 1'
  await using lambda = startLambda([localFunction(`console.log('loaded')\n${handler(body)}`)])

  expect(await lambda.invoke('greeter', '{}')).toEqual({ payload: '1', log: 'loaded\n{}' })
  expect(await lambda.invoke('greeter', '{"odd":true}')).toEqual({ payload: '1', log: 'odd' })
  expect(lambda.lines).toEqual(['greeter: loaded', 'greeter: {}', 'greeter: odd'])
})

test('more than 6 MB are refused on the way in and are an error on the way out', async () => {
  await using lambda = startLambda([localFunction(handler('return "x".repeat(event.length)'))])
  const tooBig = 6 * 1024 * 1024

  await expect(lambda.invoke('greeter', JSON.stringify('x'.repeat(tooBig)))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
    status: 413,
  })
  const { payload, functionError } = await lambda.invoke('greeter', JSON.stringify({ length: tooBig }))
  expect(functionError).toBe('Unhandled')
  expect(JSON.parse(payload).errorType).toBe('Function.ResponseSizeTooLarge')
  expect(lambda.lines).toEqual([
    'greeter: Response payload size exceeded maximum allowed payload size (6291456 bytes).',
  ])
  expect((await lambda.invoke('greeter', JSON.stringify({ length: tooBig - 2 }))).payload.length).toBe(tooBig)
})

test('a function is known by its name and its ARN, and no other is', async () => {
  await using lambda = startLambda([localFunction(handler('return 1'))])
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:'

  expect(await lambda.invoke(`${arn}greeter`, '{}')).toMatchObject({ payload: '1' })
  await expect(lambda.invoke(`${arn}other`, '{}')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    status: 404,
  })
})

const shellsOf = (pid = 0): readonly number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === pid && name === 'sh')
    .map(([shell]) => Number(shell))

test.each([
  ['not even one in an endless loop', true, [false, true]],
  ['even if what would kill it was killed before, unless it loops', false, [false]],
] as const)('no function outlives a server that is killed, %s', async (_, isGuarded, loops) => {
  const sockets: Socket[] = []
  const listener = createServer((socket) => sockets.push(socket.resume().on('error', () => {})))
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const { port } = listener.address() as AddressInfo
  const connected = `await new Promise((resolve) => connect(${port}, '127.0.0.1', resolve)); if (event.loop) for (;;);`
  const { codeDirectory } = localFunction(`import { connect } from 'node:net'\n${handler(connected)}`)
  const server = `
    import { localFunction, startLambda } from '${join(import.meta.dirname, '../../../support/local-lambda.ts')}'
    const lambda = startLambda([{ ...localFunction(''), codeDirectory: '${codeDirectory}' }])
    for (const loop of ${JSON.stringify(loops)}) lambda.invoke('greeter', JSON.stringify({ loop }))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', server], { stdio: 'inherit' })
  while (sockets.length < loops.length) await once(listener, 'connection')
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')))
  if (!isGuarded) for (const pid of shellsOf(child.pid)) process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')

  expect(await closed).toHaveLength(loops.length)
  listener.close()
})

// REQ-201
describe('what a function writes where only its answer belongs', () => {
  const write = (text: string) => handler(`(await import('node:fs')).writeSync(3, event.${text}); return 'mine'`)

  test.each(['no JSON', '{}', '[]', 'null', '{"requestId":1,"payload":"x"}'])(
    'cannot be read and fails that request only: %s',
    async (text) => {
      await using lambda = startLambda([localFunction(write('text'))])
      const { payload, functionError } = await lambda.invoke('greeter', JSON.stringify({ text: `${text}\n` }))

      expect([JSON.parse(payload).errorType, functionError]).toEqual(['Sandbox.UnreadableAnswer', 'Unhandled'])
      expect(lambda.lines).toEqual([expect.stringMatching(/^greeter: An answer cannot be read/)])
      expect(await lambda.invoke('greeter', JSON.stringify({ text: '' }))).toMatchObject({ payload: '"mine"' })
    },
  )

  test('is ignored if it names another request', async () => {
    await using lambda = startLambda([localFunction(write('text'))])
    const text = `${JSON.stringify({ requestId: 'another', payload: '"forged"' })}\n`

    expect(await lambda.invoke('greeter', JSON.stringify({ text }))).toMatchObject({ payload: '"mine"' })
    expect(lambda.lines).toEqual([expect.stringMatching(/^greeter: An answer came for a request that is over/)])
  })
})
