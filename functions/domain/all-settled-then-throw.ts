/**
 * Like Promise.all, but waits for all promises even when one rejects. Work that is still running when a Lambda returns is
 * frozen, and would continue during a later request.
 */
export async function allSettledThenThrow<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
