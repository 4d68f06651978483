import type { Language } from './language.ts'

/** Of a mail: what it says beside its fixed words. Strings may hold anything; they are cleaned and escaped. */
export type MailFacts = {
  readonly registrationCode: CodeFacts
  /** To the owner of an address that someone wanted to register, or to make the address of another account. */
  readonly addressInUse: RequestFacts
  readonly recoveryCode: CodeFacts & AccountFacts
  /** To someone who has logged in with the password and must set up a second factor. Its code is good for 5 minutes. */
  readonly enrolmentCode: CodeFacts & AccountFacts
  /** To the new address. */
  readonly addressCode: CodeFacts
  readonly passwordChanged: RequestFacts & AccountFacts
  /** To both addresses, and names neither: the old one may be in strange hands, or the new one. */
  readonly addressChanged: RequestFacts & AccountFacts
  readonly factorAdded: RequestFacts & AccountFacts & FactorFacts
  readonly factorRemoved: RequestFacts & AccountFacts & FactorFacts
  readonly factorsReset: RequestFacts & AccountFacts
  /** `left` is how many of them are left. */
  readonly recoveryCodeUsed: RequestFacts & AccountFacts & { readonly left: number }
  readonly sessionEndedAsReused: RequestFacts & AccountFacts
  readonly wrongPasswords: RequestFacts & AccountFacts & { readonly attempts: number }
}

/** `time` is a NumericDate. `source` is the address that the request came from, where there was a request. */
type RequestFacts = {
  readonly service: string
  readonly time: number
  readonly source: string | undefined
}

/** `code` has eight digits. */
type CodeFacts = RequestFacts & { readonly code: string }

/** Only for mails to the owner: a stranger chooses the name of an account that does not exist yet. */
type AccountFacts = { readonly username: string | undefined }

export const mailedFactors = ['totp', 'passkey', 'recovery_codes'] as const
export type Factor = (typeof mailedFactors)[number]

type FactorFacts = { readonly factor: Factor }

export type MailKind = keyof MailFacts

/**
 * What a mail says in one language. `opening` says what happened, `advice` what to do if it was someone else. Both are
 * plain text.
 */
export type MailText = {
  readonly subject: string
  readonly opening: readonly string[]
  readonly advice: readonly string[]
}

/** All texts of a language. A kind of mail without a text does not compile. */
export type MailTexts = {
  readonly language: Language
  /** As it follows a label, with the space before it that French has. */
  readonly colon: string
  readonly labels: {
    readonly service: string
    readonly account: string
    readonly time: string
    readonly source: string
  }
  /** Below each code: for how many minutes it is good, and that nobody will ask for it. */
  readonly aboutCode: (service: string, minutes: number) => string
  readonly footer: (service: string) => string
  readonly mails: { readonly [Kind in MailKind]: (facts: MailFacts[Kind]) => MailText }
}

/** A mail in words, for any number of recipients. */
export type WrittenMail = { readonly subject: string; readonly text: string; readonly html: string }
