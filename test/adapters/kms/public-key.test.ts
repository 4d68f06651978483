import type { RequestListener } from 'node:http'
import { KMSClient } from '@aws-sdk/client-kms'
import { expect, test } from '@jest/globals'
import { clientConfig } from '../../../functions/adapters/aws-client.ts'
import { createPublicKeyReader } from '../../../functions/adapters/kms/public-key.ts'
import { synthesise } from '../../support/builders/stack.ts'
import { answerError, startFaultyAws } from '../../support/fakes/aws-fault.ts'

const denied = answerError(400, 'AccessDeniedException')
const allowed: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify({ PublicKey: Buffer.from('spki').toString('base64') }))
}

/** Reads a key of a KMS that answers in this order, the last answer again and again. */
async function readKey(...answers: readonly RequestListener[]) {
  const pauses: number[] = []
  let asked = 0
  const aws = await startFaultyAws((request, response) => {
    answers[Math.min(asked, answers.length - 1)]?.(request, response)
    asked += 1
  })
  const pause = async (milliseconds: number) => pauses.push(milliseconds)
  const read = createPublicKeyReader(new KMSClient({ ...clientConfig, ...aws.config }), pause)
  const outcome = await read('arn:key').then(
    (spki) => Buffer.from(spki).toString(),
    (error: Error) => error.name,
  )
  await aws.close()
  return { outcome, pauses, asked }
}

test('a key is read at once where the role may read it', async () => {
  expect(await readKey(allowed)).toEqual({ outcome: 'spki', pauses: [], asked: 1 })
})

test("a role's new policy is waited for until it holds", async () => {
  const pauses = [2000, 2000, 2000]

  expect(await readKey(denied, denied, denied, allowed)).toEqual({ outcome: 'spki', pauses, asked: 4 })
})

test('a denial that stays is a failure, in less time than the function has', async () => {
  const { outcome, pauses, asked } = await readKey(denied)
  const { Timeout } = (await synthesise()).resources['jwks']?.Properties ?? {}

  expect(outcome).toBe('AccessDeniedException')
  expect(asked).toBe(11)
  expect(pauses.reduce((sum, pause) => sum + pause)).toBe(20_000)
  expect(Timeout).toBe(30)
})

test.each(['NotFoundException', 'DisabledException', 'KMSInvalidStateException'])(
  'no wait mends another refusal: %s',
  async (type) => {
    expect(await readKey(answerError(400, type))).toEqual({ outcome: type, pauses: [], asked: 1 })
  },
)
