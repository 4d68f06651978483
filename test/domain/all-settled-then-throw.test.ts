import { describe, expect, test } from '@jest/globals'
import { allSettledThenThrow } from '../../functions/domain/all-settled-then-throw.ts'

// REQ-132
describe('work done side by side', () => {
  test('gives what each gave', async () => {
    expect(await allSettledThenThrow([Promise.resolve(1), Promise.resolve('two'), undefined])).toEqual([
      1,
      'two',
      undefined,
    ])
  })

  test('fails as the first that failed, and only when none is under way', async () => {
    const other = Promise.withResolvers<void>()
    const events: string[] = []
    const all = allSettledThenThrow([Promise.reject(new Error('broken')), other.promise]).catch((error: Error) => {
      events.push(error.message)
    })
    await Promise.allSettled([Promise.reject(new Error('as long as a failure takes'))])
    events.push('the other goes on')
    other.resolve()
    await all

    expect(events).toEqual(['the other goes on', 'broken'])
  })
})
