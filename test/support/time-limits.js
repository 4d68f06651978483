// A test or a hook that takes longer than its limit fails, and the others go on: the runner itself knows no limits.
import { addEventHandler } from 'jest-circus'

/** In milliseconds, where a test does not say its own. */
const usual = 300_000

async function within(limit, work) {
  const { promise: late, reject } = Promise.withResolvers()
  const timer = setTimeout(() => reject(new Error(`It took longer than ${limit} ms.`)), limit)
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

addEventHandler(({ name, timeout = usual }, { currentDescribeBlock: { children, hooks } }) => {
  const added = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined
  if (!added?.fn) return
  const { fn } = added
  added.fn = () => within(timeout, fn)
})
