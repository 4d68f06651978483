import type fc from 'fast-check'
import { Unavailable } from '../../../functions/domain/unavailable.ts'

type Operation = (...args: never[]) => Promise<unknown>

const isWrite = (name: string): boolean => !/^(find|list)/.test(name)

/**
 * A store whose operations arrive, and whose answers come back, in the order that fast-check chooses; the answer of a
 * write that was done may get lost on the way, as `losses` say, one for each write.
 */
export function scheduleStore<Store extends object>(
  store: Store,
  scheduler: fc.Scheduler,
  losses: Iterator<boolean>,
): Store {
  const scheduled = ([name, operate]: [string, Operation]): [string, Operation] => [
    name,
    async (...args) => {
      await scheduler.schedule(Promise.resolve(), `${name} arrives`)
      const answer = await operate(...args)
      await scheduler.schedule(Promise.resolve(), `${name} is answered`)
      if (isWrite(name) && losses.next().value === true) throw new Unavailable('The answer got lost.')
      return answer
    },
  ]
  return Object.fromEntries(Object.entries(store).map(scheduled)) as Store
}
