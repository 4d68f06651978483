import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { handleOf, newCode, readCode } from '../../../functions/domain/codes/code.ts'
import { createCodes } from '../../../functions/domain/codes/codes.ts'
import { seal, unseal } from '../../../functions/domain/codes/seal.ts'
import { createMemoryStores } from '../../support/fakes/memory-stores.ts'
import { stoppedClock } from '../../support/fakes/stopped-clock.ts'

const payload = { address: 'ada@example.com', passwordHash: '$argon2id$…' }

async function setUp() {
  const clock = stoppedClock()
  const codes = createCodes({ store: createMemoryStores().codes, randomBytes, clock })
  const { ticket, handle } = await codes.open('register', payload)
  const mail = async () => (await codes.renewCode('register', handle, undefined)) ?? ''
  return { clock, codes, ticket, handle, mail, attempt: (typed: string) => codes.tryCode('register', ticket, typed) }
}

const wrong = (isLast = false) => ({ ok: false, failure: { reason: 'wrong_code', isLast } })
const other = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))

// REQ-43, REQ-107, REQ-161
describe('a ticket', () => {
  test('has 256 random bits, and its handle tells nothing of it', async () => {
    const { ticket, handle } = await setUp()

    expect(ticket).toMatch(/^[\w-]{43}$/)
    expect(Object.values(handle)).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)])
    expect(new Set([ticket, ...Object.values(handle)]).size).toBe(3)
  })

  test('and the code that was mailed for it match together, and only together', async () => {
    const [mine, yours] = [await setUp(), await setUp()]
    const [code, theirs] = [await mine.mail(), await yours.mail()]

    expect(await mine.attempt(code)).toMatchObject({ ok: true, value: { purpose: 'register', payload } })
    expect(await yours.attempt(code)).toEqual(wrong())
    expect(await mine.attempt(theirs)).toEqual(wrong())
    expect(await mine.codes.tryCode('recover', mine.ticket, code)).toEqual(wrong())
    expect(await mine.codes.tryCode('register', `${mine.ticket}=`, code)).toEqual(wrong())
  })

  // REQ-162
  test('cannot be replaced by what the function that mails knows', async () => {
    const { codes, handle, mail } = await setUp()
    const code = await mail()

    for (const known of Object.values(handle)) expect(await codes.tryCode('register', known, code)).toEqual(wrong())
  })

  // REQ-159, REQ-162: the function that mails reads what a ticket is bound to, and so does whoever reads a backup.
  test('is the only thing that the hash of a password can be read with', async () => {
    const { codes, ticket, handle, mail, attempt } = await setUp()
    const again = await codes.open('register', payload)
    const hashOf = async (found: typeof handle) => (await codes.find('register', found))?.payload.passwordHash ?? ''
    const sealed = await hashOf(handle)

    expect(sealed).not.toContain(payload.passwordHash)
    expect(Buffer.from(sealed, 'base64url').includes(payload.passwordHash)).toBe(false)
    expect(sealed).not.toBe(await hashOf(again.handle))
    expect(unseal(ticket, sealed)).toBe(payload.passwordHash)
    for (const known of [...Object.values(handle), again.ticket]) expect(() => unseal(known, sealed)).toThrow()
    expect(await attempt(await mail())).toMatchObject({ ok: true, value: { payload } })
  })

  test('does not open a hash that was put in the place of its own', async () => {
    const { ticket } = await setUp()
    const sealed = Buffer.from(seal(ticket, payload.passwordHash), 'base64url')

    expect(unseal(ticket, sealed.toString('base64url'))).toBe(payload.passwordHash)
    for (const place of sealed.keys()) {
      const changed = Buffer.from(sealed)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect(() => unseal(ticket, changed.toString('base64url'))).toThrow()
    }
    expect(() => unseal(ticket, sealed.subarray(0, -1).toString('base64url'))).toThrow()
    expect(() => unseal(ticket, '')).toThrow()
  })

  test('ends after ten minutes, whenever its last code was mailed', async () => {
    const { clock, codes, handle, mail, attempt } = await setUp()
    clock.advance(599.9)
    const code = await mail()

    expect(await attempt(code)).toMatchObject({ ok: true })
    expect(await codes.find('register', handle)).toEqual({
      payload: { ...payload, passwordHash: expect.any(String) },
      binding: undefined,
      hasCode: true,
    })
    clock.advance(0.1)
    expect(await attempt(code)).toEqual(wrong())
    expect(await codes.find('register', handle)).toBeUndefined()
    expect(await mail()).toBe('')
  })

  test('has five wrong tries, malformed ones among them, and the fifth is told as the last', async () => {
    const { mail, attempt } = await setUp()
    const code = await mail()

    const typed = [other(code), '', 'no code', `${code}0`]
    expect(await Promise.all(typed.map(attempt))).toEqual(typed.map(() => wrong()))
    expect(await attempt(code)).toMatchObject({ ok: true })
    expect(await attempt(other(code))).toEqual(wrong(true))
    expect(await attempt(code)).toEqual(wrong())
  })

  // REQ-110
  test('stays good however often its right code is tried', async () => {
    const { mail, attempt } = await setUp()
    const code = await mail()

    for (let tries = 0; tries < 20; tries += 1) expect(await attempt(code)).toMatchObject({ ok: true })
  })

  test('is the secret that the client holds already, where one is given', async () => {
    const { codes } = await setUp()
    const [ticket, payload] = [
      randomBytes(32).toString('base64url'),
      { sub: 'ada', epoch: 3, address: 'ada@example.com' },
    ]
    const opened = await codes.open('enrol', payload, ticket)
    const code = (await codes.renewCode('enrol', opened.handle, undefined)) ?? ''

    expect(opened).toEqual({ ticket, handle: handleOf(ticket) })
    expect(await codes.tryCode('enrol', ticket, code)).toMatchObject({ ok: true, value: { purpose: 'enrol', payload } })
    expect(await codes.tryCode('recover', ticket, code)).toEqual(wrong())
  })

  test('has one good code: that of the last mail', async () => {
    const { mail, attempt } = await setUp()
    const [first, second] = [await mail(), await mail()]

    if (first !== second) expect(await attempt(first)).toEqual(wrong())
    expect(await attempt(second)).toMatchObject({ ok: true })
  })

  test('never has the code of what is malformed', async () => {
    const { codes, handle, attempt } = await setUp()
    const empty = createHmac('sha256', handle.codeKey).update('').digest('base64url')
    await codes.renewCode('register', handle, undefined)

    const tried = await attempt('')
    expect(tried).toEqual(wrong())
    expect(JSON.stringify(tried)).not.toContain(empty)
  })
})

// REQ-161
describe('a new code', () => {
  const bytesOf = (...numbers: readonly number[]) => {
    const rest = numbers.values()
    return () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(rest.next().value ?? 0)
      return bytes
    }
  }

  test('has eight digits, zeros in front among them', () => {
    expect(newCode(bytesOf(0))).toBe('00000000')
    expect(newCode(bytesOf(42))).toBe('00000042')
    expect(newCode(bytesOf(4_199_999_999))).toBe('99999999')
  })

  test('is made from other bytes where these would make some codes more frequent than others', () => {
    expect(newCode(bytesOf(4_200_000_000, 2 ** 32 - 1, 7))).toBe('00000007')
  })

  test('of every 32 bits is eight digits', () => {
    const numbers = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(fc.property(numbers, (number) => expect(newCode(bytesOf(number))).toMatch(/^\d{8}$/)))
  })
})

describe('a code is read', () => {
  test.each([
    '12345678',
    '1234 5678',
    '1234-5678',
    ' 1234 5678 ',
    '12345678\r\n',
    '1234\u00a05678',
    '1234\u20115678',
    '1234 – 5678',
    '12 34 56 78',
    '１２３４　５６７８',
  ])('from %j', (typed) => {
    expect(readCode(typed)).toBe('12345678')
  })

  test.each([
    ['nothing', ''],
    ['seven digits', '1234567'],
    ['nine digits', '123456789'],
    ['a letter', '1234567O'],
    ['a dot', '1234.5678'],
    ['a plus', '+12345678'],
    ['an exponent', '1e000007'],
    ['digits of another script', '١٢٣٤٥٦٧٨'],
    ['a zero-width space', '1234\u200b5678'],
    ['NUL', '12345678\0'],
    ['two codes', '12345678 12345678'],
    ['a long text', ' '.repeat(65)],
  ])('but not from %s', (_, typed) => {
    expect(readCode(typed)).toBeUndefined()
  })
})
