/**
 * As Promise.all, but waits for all even where one fails. What is still under way when a Lambda answers is frozen with
 * it, and would go on beside some later request.
 */
export async function allSettledThenThrow<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
