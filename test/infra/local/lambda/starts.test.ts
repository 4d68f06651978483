import { describe, expect, test } from '@jest/globals'
import { createPool } from '../../../../infra/local/lambda/lambda-pool.ts'
import { type Sandbox, startSandbox } from '../../../../infra/local/lambda/lambda-sandbox.ts'
import { createTurns } from '../../../../infra/local/lambda/turns.ts'
import { localFunction } from '../../../support/local-lambda.ts'

/** Sandboxes of which none is loaded before the test says so. */
function setUp(startsAtOnce: number) {
  const load: (() => void)[] = []
  const start = (): Sandbox => {
    const { promise, resolve } = Promise.withResolvers<void>()
    load.push(resolve)
    return {
      invoke: async () => ({ payload: String(load.length) }),
      ...{ initialised: promise, usable: () => true, end: async () => resolve() },
    }
  }
  const startInTurn = createTurns(startsAtOnce)
  return { load, pools: [createPool(start, startInTurn), createPool(start, startInTurn)] as const }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('sandboxes that start at once', () => {
  test('are so many of all functions; the others start as these are loaded', async () => {
    const { load, pools } = setUp(2)
    const invocations = [...pools, ...pools].map((pool) => pool.invoke('{}'))
    await settled()
    expect(load).toHaveLength(2)

    load[0]?.()
    await settled()
    expect(load).toHaveLength(3)
    load[1]?.()
    load[2]?.()
    await settled()
    load[3]?.()
    expect(await Promise.all(invocations)).toHaveLength(4)
  })

  test('leave none behind them when the server stops', async () => {
    const { load, pools } = setUp(1)
    const invocations = [...pools, ...pools].map((pool) => pool.invoke('{}'))
    await settled()
    await Promise.all(pools.map((pool) => pool.close()))
    const outcomes = await Promise.allSettled(invocations)

    expect(load).toHaveLength(1)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
  })
})

describe('turns', () => {
  test('go on after work that failed', async () => {
    const inTurn = createTurns(1)
    const failed = inTurn(() => Promise.reject(new Error('boom')))
    const next = inTurn(async () => 'done')

    await expect(failed).rejects.toThrow('boom')
    expect(await next).toBe('done')
  })
})

describe('the time that a function may take to load', () => {
  const never = 'await new Promise(() => setInterval(() => {}, 1000))\nexport const handler = async () => 1'
  const startNever = (limits: { start: number; initialisation: number }) => {
    const resources = { environment: {}, functionArn: 'greeter', memory: 128, timeout: 10, log: () => undefined }
    const { codeDirectory: directory } = localFunction(never)
    const environment = { _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: directory }
    return startSandbox({ ...resources, directory, environment }, limits)
  }

  test.each([
    ['counts from when its process runs', { start: 60, initialisation: 0.25 }, '0.25'],
    ['has its own limit until then', { start: 0.01, initialisation: 60 }, '0.01'],
  ])('%s', async (_, limits, seconds) => {
    const sandbox = startNever(limits)
    const { payload } = await sandbox.invoke('{}')
    await sandbox.end()

    expect(JSON.parse(payload)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(new RegExp(`Task timed out after ${seconds} seconds$`)),
    })
  })
})
