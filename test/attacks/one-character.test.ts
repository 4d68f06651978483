import { describe, expect, test } from '@jest/globals'
import { createVerifiers } from './verifiers.ts'

const { forgery, verify } = createVerifiers()
const { good } = forgery
const positions = Array.from(good, (_, index) => index)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const others = [...alphabet, '.', '=', '+', '/', ' ', '\n', '\0', 'é']

/** Those that got in. Position by position, so that no more than a hundred are under way at once. */
async function takenOf(variantsAt: (position: number) => readonly string[]): Promise<readonly string[]> {
  const taken: string[] = []
  for (const position of positions) {
    const variants = variantsAt(position).filter((token) => token !== good)
    const verdicts = await Promise.all(variants.map(verify))
    taken.push(...variants.filter((_, index) => verdicts[index]?.ok))
  }
  return taken
}

const replaced = (at: number, text: string, length = 1) => good.slice(0, at) + text + good.slice(at + length)

// REQ-64, REQ-65: every one of them, not a sample.
describe('a good token', () => {
  test('with any one character changed is refused, at every position and for every character', async () => {
    expect(await takenOf((position) => others.map((other) => replaced(position, other)))).toEqual([])
  })

  test('with a character left out, said twice, put in or swapped with the next is refused, at every position', async () => {
    const variantsAt = (at: number) => [
      replaced(at, ''),
      replaced(at, good.slice(at, at + 1).repeat(2)),
      replaced(
        at,
        good
          .slice(at, at + 2)
          .split('')
          .reverse()
          .join(''),
        2,
      ),
      ...['A', '.', '=', ' '].map((character) => replaced(at, character, 0)),
    ]

    expect(await takenOf(variantsAt)).toEqual([])
  })

  test('cut off at any place is refused', async () => {
    expect(await takenOf((at) => [good.slice(0, at), good.slice(at + 1)])).toEqual([])
  })

  // What the tests above would show if a change slipped through.
  test('unchanged gets in', async () => {
    expect(await verify(replaced(0, good.slice(0, 1)))).toMatchObject({ ok: true })
  })
})
