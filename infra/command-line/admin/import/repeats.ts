/** What a dry run knows of a line that could be imported. */
type Candidate = {
  readonly line: number
  readonly username: string
  readonly email: string | undefined
  readonly sub: string | undefined
}

/**
 * Finds names, addresses and subs that a file gives to two users, which an import would notice only when it comes to the second. It
 * keeps each name with its line: some 20 MB for 100,000 users.
 */
export function createRepeatFinder() {
  const lines = new Map<string, number>()
  const earlier = (key: string) => lines.get(key)
  return {
    /** Undefined for a line that repeats none before it; it is kept for those that follow. */
    find({ line, username, email = username, sub }: Candidate): string | undefined {
      const [name, address, subject] = [`n${username}`, `n${email}`, sub === undefined ? undefined : `s${sub}`]
      const ofName = earlier(name)
      if (ofName !== undefined) return `username: the same as in an earlier line (line ${ofName}).`
      const ofAddress = earlier(address)
      if (ofAddress !== undefined) return `email: the same as in an earlier line (line ${ofAddress}).`
      const ofSubject = subject === undefined ? undefined : earlier(subject)
      if (ofSubject !== undefined) return `sub: the same as in an earlier line (line ${ofSubject}).`
      for (const identifier of [name, address]) lines.set(identifier, line)
      if (subject !== undefined) lines.set(subject, line)
      return undefined
    },
  }
}

export type RepeatFinder = ReturnType<typeof createRepeatFinder>
