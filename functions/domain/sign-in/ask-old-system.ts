/**
 * Asks the system that accounts come from whether it knows this person and this password. If it does, the account has this
 * password here from now on and the answer is true. `username` is a canonical identifier; it is asked about the password as it was `sent`.
 * @throws Unavailable where the old system cannot be asked: nobody is let in and nobody is told that a password is wrong.
 */
export type AskOldSystem = (attempt: {
  readonly username: string
  readonly password: string
  readonly sent?: string | undefined
  readonly clientId: string
}) => Promise<boolean>

/**
 * Asks it about someone who has forgotten the password. If it knows the person, and that mail at their address reaches them,
 * the account exists here from now on, without a password, and the answer is true. `username` is a canonical identifier.
 * @throws Unavailable where the old system cannot be asked.
 */
export type AskForRecovery = (username: string) => Promise<boolean>
