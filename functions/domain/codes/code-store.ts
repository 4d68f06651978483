/** What a ticket is bound to when it is opened, before anything is looked up. Identifiers are canonical. */
export type CodePayloads = {
  /** `username` is absent where the account is to be called by its address. `passwordHash` is kept sealed by the ticket. */
  readonly register: { readonly username?: string; readonly address: string; readonly passwordHash: string }
  /** `identifier` as it was asked for: known or not. */
  readonly recover: { readonly identifier: string }
  /** `address` is the new one. */
  readonly email: { readonly sub: string; readonly epoch: number; readonly address: string }
  /** The ticket is the auth session of a log-in that enrols a second factor. `address` is the stored one. */
  readonly enrol: { readonly sub: string; readonly epoch: number; readonly address: string }
}

/** What a ticket is bound to when the first code is mailed for it. `address` is the stored one, where the code goes. */
export type CodeBindings = {
  readonly register: undefined
  readonly recover: { readonly sub: string; readonly epoch: number; readonly address: string }
  readonly email: undefined
  readonly enrol: undefined
}

export type CodePurpose = keyof CodePayloads

/** Finds what a ticket is bound to. `id` is a hash of the ticket. */
export type CodeKey<Purpose extends CodePurpose> = { readonly purpose: Purpose; readonly id: string }

export type CodeEntry<Purpose extends CodePurpose> = {
  readonly payload: CodePayloads[Purpose]
  /** Undefined too as long as no code was made. */
  readonly binding: CodeBindings[Purpose] | undefined
  readonly hasCode: boolean
}

/** A code that was right when it was tried. It is good until a transaction consumes it. */
export type MatchedCode<Purpose extends CodePurpose> = CodeKey<Purpose> & {
  readonly hash: string
  readonly payload: CodePayloads[Purpose]
  readonly binding: CodeBindings[Purpose]
}

/** Of a wrong try that was counted: how many there were. 0 where nothing was counted. */
type WrongTry = { readonly wrongTries: number }

/** Where tickets and codes are kept. Each change is one conditional write; times are NumericDates in whole seconds. */
export type CodeStore = {
  readonly putNewCode: <Purpose extends CodePurpose>(
    key: CodeKey<Purpose>,
    payload: CodePayloads[Purpose],
    expiresAt: number,
  ) => Promise<void>
  /** Undefined after `expiresAt`. */
  readonly findCode: <Purpose extends CodePurpose>(
    key: CodeKey<Purpose>,
    now: number,
  ) => Promise<CodeEntry<Purpose> | undefined>
  /**
   * Sets the code, in the place of the one before; the wrong tries stay. False, and nothing set, where the ticket has
   * expired, had its wrong tries, was used, or is bound to something else: the first binding holds.
   */
  readonly setCode: <Purpose extends CodePurpose>(
    key: CodeKey<Purpose>,
    code: { readonly hash: string; readonly binding: CodeBindings[Purpose] },
    now: number,
    maxWrongTries: number,
  ) => Promise<boolean>
  /**
   * Compares a code and counts it if it is wrong, in one atomic write, so that at most `maxWrongTries` are ever compared
   * however many come at once. A right one changes nothing.
   */
  readonly tryCode: <Purpose extends CodePurpose>(
    key: CodeKey<Purpose>,
    hash: string,
    now: number,
    maxWrongTries: number,
  ) => Promise<CodeEntry<Purpose> | WrongTry>
}
