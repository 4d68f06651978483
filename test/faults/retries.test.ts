import { afterAll, expect, test } from '@jest/globals'
import type { Plan } from '../support/fakes/faulty-aws.ts'
import { failuresToLock } from './functions.ts'
import { openWorld, password, patient } from './world.ts'

const world = await openWorld()
afterAll(() => world[Symbol.asyncDispose]())

async function setUp(plan: Plan, settings: { readonly grace?: number; readonly maxAttempts?: number }) {
  const { maxAttempts, ...rest } = settings
  const patience = maxAttempts === undefined ? {} : { patience: { maxAttempts, milliseconds: patient } }
  const case_ = world.newCase({ plan, ...patience, ...rest })
  await case_.newUser()
  const { json } = await case_.service.logIn(case_.username, password)
  return { ...case_, refreshToken: json['refresh_token'], [Symbol.dispose]: case_.close }
}

// REQ-83, REQ-132
test.each(['an answer lost', 'half an answer', 'an internal error'] as const)(
  'without a grace a refresh that meets %s at its write is repaired by the client, and its successor is good',
  async (fault) => {
    const plan: Plan = { call: 'UpdateItem session', at: (before) => before === 0, fault }
    using case_ = await setUp(plan, { grace: 0 })

    const { text, json } = await case_.faulty.refresh(case_.refreshToken)
    expect(text).toBe('200')
    expect(await case_.service.refresh(json['refresh_token'])).toMatchObject({ text: '200' })
  },
)

// REQ-132
test('without a grace a refresh that gets no signature leaves its token good', async () => {
  const plan: Plan = { call: 'Sign', at: () => true, fault: 'an internal error' }
  using case_ = await setUp(plan, { grace: 0 })

  expect((await case_.faulty.refresh(case_.refreshToken)).text).toMatch(/^503/)
  expect(await case_.service.refresh(case_.refreshToken)).toMatchObject({ text: '200' })
})

// REQ-83, REQ-132, REQ-134
test('of refreshes at once whose every second write is done without an answer all good ones have one successor', async () => {
  const plan: Plan = { call: 'UpdateItem session', at: (before) => before % 2 === 0, fault: 'an answer lost' }
  using case_ = await setUp(plan, { maxAttempts: 2 })
  const answers = await Promise.all(Array.from({ length: 10 }, () => case_.faulty.refresh(case_.refreshToken)))

  const good = answers.filter(({ text }) => text === '200')
  expect(good.length).toBeGreaterThan(0)
  expect(answers.filter(({ text }) => text !== '200' && !text.startsWith('503'))).toEqual([])
  expect(new Set(good.map(({ json }) => json['refresh_token'])).size).toBe(1)
  expect(await case_.service.refresh(good[0]?.json['refresh_token'])).toMatchObject({ text: '200' })
})

// REQ-21, REQ-132, REQ-134
test.each(['an answer lost', 'an internal error', 'a broken connection'] as const)(
  'of many guesses at once, while every second count meets %s, no more are judged than are free',
  async (fault) => {
    const plan = { call: 'UpdateItem account count', at: (before: number) => before % 2 === 1, fault }
    const case_ = world.newCase({ plan, patience: { maxAttempts: 2, milliseconds: patient } })
    await case_.newUser()
    const guesses = Array.from({ length: 20 }, (_, index) =>
      case_.faulty.logIn(case_.username, `guess number ${index}`),
    )
    const judged = (await Promise.all(guesses)).filter(({ text }) => text.startsWith('400'))
    case_.close()

    expect(judged.length).toBeLessThanOrEqual(failuresToLock)
    expect(await case_.failures()).toBeGreaterThanOrEqual(judged.length)
    expect(case_.calls.filter((call) => call === 'Query password')).toHaveLength(judged.length)
  },
)
