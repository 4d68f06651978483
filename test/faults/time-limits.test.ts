import { expect, test } from '@jest/globals'
import { clientConfig } from '../../functions/adapters/aws-client.ts'
import { synthesise } from '../support/builders/stack.ts'

const { maxAttempts, requestHandler } = clientConfig

// The SDK waits longest where it is throttled: up to 1 s before its second try, and twice as long before its third.
const pauses = (2 ** (maxAttempts - 1) - 1) * 1000
const worstCall = (maxAttempts * requestHandler.requestTimeout + pauses) / 1000

// What endpoint.ts keeps for its answer, and what API Gateway and Lambda wait at most, all in seconds.
const [reserve, gatewayWaits, authorizerWaits, initialisation] = [0.5, 30, 10, 10]

const timeouts = async () => {
  const { ofType } = await synthesise({
    selfRegistration: 'true',
    revocation: 'immediate',
    migration: 'arn:aws:lambda:eu-central-1:111122223333:function:old-users',
    emailFrom: 'no-reply@example.com',
  })
  return ofType('AWS::Lambda::Function').map(([name, { Properties }]) => [name, Number(Properties['Timeout'])] as const)
}

// REQ-132
test('every call to AWS has a number of tries, and each of them, head and body, a time', () => {
  expect(clientConfig).toEqual({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, socketTimeout: 1500, throwOnRequestTimeout: true },
  })
})

// REQ-132
test('a call that needs all its tries ends before its function does, and an answer is left time', async () => {
  const tooShort = (await timeouts()).filter(([, seconds]) => seconds - reserve < worstCall)

  // The two that call nothing.
  expect(tooShort.map(([name]) => name).sort()).toEqual(['discovery', 'me'])
})

// REQ-132
test('the old system and a slow transaction after it fit into the function that asks', async () => {
  const [, seconds = 0] = (await timeouts()).find(([name]) => name === 'migrate') ?? []

  expect(seconds).toBeGreaterThan(3 + worstCall)
})

// REQ-132
test("the old system, the owner's texts and SES fit into the function that mails", async () => {
  const [, seconds = 0] = (await timeouts()).find(([name]) => name === 'mail') ?? []

  expect(seconds).toBeGreaterThan(7 + 2 + 3)
})

// REQ-132
test('a start that finds AWS silent ends before Lambda calls it off', () => {
  expect(worstCall).toBeLessThan(initialisation)
})

// REQ-132
test('no function runs on after API Gateway has given up on it', async () => {
  const waitsFor = (name: string) => (name.startsWith('authorizer') ? authorizerWaits : gatewayWaits)
  const withoutGateway = ['admin', 'jwks']
  const tooLong = (await timeouts()).filter(([name, seconds]) => seconds >= waitsFor(name))

  expect(tooLong.map(([name]) => name).sort()).toEqual(withoutGateway)
})
