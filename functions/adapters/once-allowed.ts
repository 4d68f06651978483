// A deployment changes a role seconds before it is used, and IAM takes some seconds to apply that everywhere. Twenty seconds
// of pauses fit into the 30 s of a function.
const tries = 11
const pauseMilliseconds = 2000

/** Waits for this many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>

/** Asks again for about 20 s where AWS denies access, because IAM may lag. */
export async function onceAllowed<T>(ask: () => Promise<T>, pause: Pause, left = tries): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (left === 1 || !(error instanceof Error) || error.name !== 'AccessDeniedException') throw error
    await pause(pauseMilliseconds)
    return onceAllowed(ask, pause, left - 1)
  }
}
