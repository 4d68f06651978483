import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  creationOptions,
  hashChallenge,
  newChallenge,
  newUserHandle,
  requestOptions,
} from '../../../functions/domain/factors/passkey-options.ts'

const passkey = { id: 'AAAAAAAAAAAAAAAAAAAAAA', transports: ['internal', 'hybrid'], publicKey: 'pQ', name: 'Phone' }
const described = { type: 'public-key', id: 'AAAAAAAAAAAAAAAAAAAAAA', transports: ['internal', 'hybrid'] }

// REQ-173
describe('a challenge', () => {
  test('is 32 random bytes, of which only the SHA-256 is kept', () => {
    const bytes = randomBytes(32)
    const lengths: number[] = []
    const made = newChallenge((count) => {
      lengths.push(count)
      return bytes
    })

    const challenge = bytes.toString('base64url')
    const challengeHash = createHash('sha256').update(challenge).digest('base64url')
    expect(made).toEqual({ challenge, challengeHash })
    expect(hashChallenge(challenge)).toBe(challengeHash)
    expect(lengths).toEqual([32])
  })
})

describe('a user handle', () => {
  test.each(['ada', '名'.repeat(21), 'a'.repeat(64)])('is the subject %s', (subject) => {
    expect(Buffer.from(newUserHandle(subject, randomBytes), 'base64url').toString()).toBe(subject)
  })

  test.each(['a'.repeat(65), '名'.repeat(22)])('is random where the subject %s has more than 64 bytes', (subject) => {
    const handle = newUserHandle(subject, randomBytes)

    expect(Buffer.from(handle, 'base64url')).toHaveLength(32)
    expect(newUserHandle(subject, randomBytes)).not.toBe(handle)
  })
})

// REQ-173
describe('the options of a passkey', () => {
  test('ask for one that finds its account by itself, verifies the user and attests nothing', () => {
    const options = creationOptions({
      rpId: 'example.com',
      rpName: 'Example',
      userHandle: 'YWRh',
      userName: 'ada',
      displayName: 'Ada Lovelace',
      exclude: [passkey],
      challenge: 'Y2hhbGxlbmdl',
    })

    expect(options).toEqual({
      rp: { id: 'example.com', name: 'Example' },
      user: { id: 'YWRh', name: 'ada', displayName: 'Ada Lovelace' },
      challenge: 'Y2hhbGxlbmdl',
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      excludeCredentials: [described],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    })
    expect(JSON.parse(JSON.stringify(options))).toEqual(options)
  })

  test('let a person log in with any passkey, or with those of one account', () => {
    const common = { rpId: 'example.com', challenge: 'Y2hhbGxlbmdl' }
    const options = { ...common, timeout: 300_000, userVerification: 'required' }

    expect(requestOptions(common)).toEqual({ ...options, allowCredentials: [] })
    expect(requestOptions({ ...common, allow: [passkey] })).toEqual({ ...options, allowCredentials: [described] })
  })
})
