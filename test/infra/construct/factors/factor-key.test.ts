import { expect, test } from '@jest/globals'
import { synthesise } from '../../../support/builders/stack.ts'

const keysOf = async (context: object) => {
  const keys = (await synthesise({ ...context })).ofType('AWS::KMS::Key')
  return keys.filter(([id]) => !id.startsWith('AuthKeys')).map(([id, key]) => ({ id, ...key }))
}

// REQ-170
test.each(['optional', 'required'])(
  'where a second factor is %s there is a key for TOTP secrets',
  async (secondFactor) => {
    const [key, ...more] = await keysOf({ secondFactor })

    expect(more).toEqual([])
    expect(key).toMatchObject({ id: expect.stringMatching(/^AuthFactorKey/), Type: 'AWS::KMS::Key' })
    // Without a kind it is AES-256 for encryption.
    expect(key?.Properties).toEqual({
      Description: 'Encrypts the TOTP secrets of second factors',
      EnableKeyRotation: true,
      PendingWindowInDays: 7,
      KeyPolicy: expect.objectContaining({
        Statement: [expect.objectContaining({ Effect: 'Allow', Action: 'kms:*', Resource: '*' })],
      }),
      Tags: expect.anything(),
    })
  },
)

test('without second factors there is none', async () => {
  expect(await keysOf({})).toEqual([])
})
