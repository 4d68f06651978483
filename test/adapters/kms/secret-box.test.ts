import type { RequestListener } from 'node:http'
import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, test } from '@jest/globals'
import { clientConfig } from '../../../functions/adapters/aws-client.ts'
import { createDecrypt, createEncrypt } from '../../../functions/adapters/kms/secret-box.ts'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { answerError, startFaultyAws } from '../../support/fakes/aws-fault.ts'
import { startAws, symmetricKey } from '../../support/local-aws.ts'

const ada = { sub: 'ada' }
const secret = 'JBSWY3DPEHPK3PXP'

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  )

/** A box by the local account's key. */
async function setUp(changes: Parameters<typeof startAws>[1] = {}) {
  const aws = await startAws([], changes)
  const boxOf = (keyId: string) => ({
    encrypt: createEncrypt(aws.owner.kms, keyId),
    decrypt: createDecrypt(aws.owner.kms, keyId),
  })
  return { box: boxOf(symmetricKey.keyId), boxOf, [Symbol.asyncDispose]: aws[Symbol.asyncDispose] }
}

// REQ-170
describe('a secret', () => {
  test.each([secret, 'ä€😀', 'x'.repeat(4096)])(
    'is what it was before, and is not readable in between: %#',
    async (text) => {
      await using aws = await setUp()
      const ciphertext = await aws.box.encrypt(text, ada)

      expect(Buffer.from(ciphertext, 'base64').includes(text)).toBe(false)
      expect(await aws.box.decrypt(ciphertext, ada)).toBe(text)
    },
  )

  test('is encrypted differently each time', async () => {
    await using aws = await setUp()
    const [one, other] = await Promise.all([aws.box.encrypt(secret, ada), aws.box.encrypt(secret, ada)])

    expect(one).not.toEqual(other)
  })

  test('of one account opens for no other, which is a fault of ours and no outage', async () => {
    await using aws = await setUp()
    const error = await errorOf(aws.box.decrypt(await aws.box.encrypt(secret, ada), { sub: 'eve' }))

    expect(error).toMatchObject({ name: 'InvalidCiphertextException' })
    expect(error).not.toBeInstanceOf(Unavailable)
  })

  test('that was changed or encrypted by another key does not open', async () => {
    const other = { ...symmetricKey, keyId: 's2', arn: symmetricKey.arn.replace('s1', 's2') }
    await using aws = await setUp({ keys: [symmetricKey, other] })
    const ciphertext = await aws.box.encrypt(secret, ada)
    const bytes = Buffer.from(ciphertext, 'base64')
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    const changed = bytes.toString('base64')

    expect(await errorOf(aws.box.decrypt(changed, ada))).toMatchObject({ name: 'InvalidCiphertextException' })
    expect(await errorOf(aws.boxOf('s2').decrypt(ciphertext, ada))).toMatchObject({ name: 'IncorrectKeyException' })
  })

  test('goes with its account and with nothing else that the caller knows of it', async () => {
    await using aws = await setUp()
    const account = { sub: 'ada', name: 'Ada' }

    expect(await aws.box.decrypt(await aws.box.encrypt(secret, account), ada)).toBe(secret)
  })
})

// REQ-132
describe('KMS', () => {
  async function ask(fault: RequestListener) {
    const aws = await startFaultyAws(fault)
    const client = new KMSClient({ ...clientConfig, ...aws.config })
    const encrypted = errorOf(createEncrypt(client, 's1')(secret, ada))
    const errors = [await encrypted, await errorOf(createDecrypt(client, 's1')('Yw==', ada))]
    await aws.close()
    return { errors, calls: aws.calls() }
  }

  test.each<[string, RequestListener]>([
    ['answers with an internal error', answerError(500, 'KMSInternalException')],
    ['waits for another service in vain', answerError(503, 'DependencyTimeoutException')],
    ['throttles', answerError(400, 'ThrottlingException')],
    ['hangs up', (request) => request.socket.destroy()],
  ])('that %s is unavailable', async (_, fault) => {
    const { errors } = await ask(fault)

    expect(errors).toEqual([expect.any(Unavailable), expect.any(Unavailable)])
  })

  test.each(['InvalidCiphertextException', 'AccessDeniedException', 'DisabledException', 'KMSInvalidStateException'])(
    'that refuses tells of a fault of ours, which no second try mends: %s',
    async (name) => {
      const { errors, calls } = await ask(answerError(400, name))

      expect(errors).toEqual([expect.objectContaining({ name }), expect.objectContaining({ name })])
      expect(calls).toBe(2)
    },
  )

  test('that answers with nothing in it is no success', async () => {
    const { errors } = await ask((_, response) => response.writeHead(200).end('{}'))

    expect(errors).toEqual([expect.any(TypeError), expect.any(TypeError)])
  })
})
