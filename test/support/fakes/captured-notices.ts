import type { Notify } from '../../../functions/domain/mail/mail-event.ts'

/** Captures what owners are told. `outcome` is what became of each notice. */
export function captureNotices(outcome: Awaited<ReturnType<Notify>> = {}) {
  const notices: Parameters<Notify>[0][] = []
  const notify: Notify = async (notice) => {
    notices.push(notice)
    return outcome
  }
  return { notices, notify }
}
