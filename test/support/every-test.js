// What Jest's own runner does for each test and this one does not: limits of time, and the number of assertions.
import { setImmediate } from 'node:timers/promises'
import { addEventHandler } from 'jest-circus'

/** In milliseconds, where a test does not say its own. */
const usual = 300_000

async function within(limit, work) {
  const { promise: late, reject } = Promise.withResolvers()
  const timer = setTimeout(() => reject(new Error(`It took longer than ${limit} ms.`)), limit)
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw error instanceof Error ? error : new Error(`This was thrown: ${String(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

async function run(limit, test) {
  // What an earlier test expected and did not live to count is forgotten.
  expect.extractExpectedAssertionsErrors()
  await within(limit, test)
  const [missing] = expect.extractExpectedAssertionsErrors()
  if (missing) throw missing.error
  // A promise that nobody waits for is rejected now, not in the next suite.
  await setImmediate()
}

function refuse({ fn, mode, failing }) {
  if (mode === 'todo' || failing) throw new Error('The runner does not know test.todo and test.failing.')
  if (fn?.length > 0) throw new Error('A test returns a promise: nothing calls back.')
}

addEventHandler((event, { currentDescribeBlock: { children, hooks } }) => {
  const { name, timeout = usual } = event
  if (name === 'add_test') refuse(event)
  const added = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined
  if (!added?.fn) return
  const { fn } = added
  added.fn = () => (name === 'add_test' ? run(timeout, fn) : within(timeout, fn))
})
