import { createHash } from 'node:crypto'

// The session of an API key lies among those of its owner, where whatever ends them finds it. Its id has another form, so that
// nobody who lists, counts, refreshes or ends sessions of log-ins takes it for one.

/**
 * The id of the one session that a key has at a time. Another epoch of the owner, and another end of its tokens, are another
 * session, so what was ended never comes back, and any number of requests at once begin the same one.
 */
export const keySessionId = (keyId: string, epoch: number, ends: number): string =>
  `lk_${createHash('sha256').update(`key\n${keyId}\n${epoch}\n${ends}`).digest('base64url').slice(0, 22)}`

export const isKeySessionId = (text: string): boolean => /^lk_[\w-]{22}$/.test(text)
