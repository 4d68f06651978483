import type { Language } from './language.ts'
import type { Factor } from './mail.ts'

/** What a mail is about. `time` is a NumericDate, `source` the address that the request came from, if there was one. */
export type Occasion = {
  readonly time: number
  readonly source?: string | undefined
  readonly language: Language
}

/**
 * Asks for the code of a ticket, which `id` and `codeKey` stand in for. `device` is a hash of the device token that came
 * with the request; `isTrusted` marks a request of an administrator.
 */
export type CodeRequest = {
  readonly kind: 'code'
  readonly purpose: 'register' | 'recover' | 'email' | 'enrol'
  readonly id: string
  readonly codeKey: string
  readonly device?: string | undefined
  readonly isTrusted?: boolean | undefined
}

/**
 * Tells the owner of an account what happened. `to` is one of the two addresses of a change. Wrong passwords are told by
 * the identifier that they were tried for, known or not.
 */
export type Notice =
  | { readonly kind: 'passwordChanged' | 'sessionEndedAsReused' | 'factorsReset'; readonly sub: string }
  | { readonly kind: 'factorAdded' | 'factorRemoved'; readonly sub: string; readonly factor: Factor }
  | { readonly kind: 'recoveryCodeUsed'; readonly sub: string; readonly left: number }
  | { readonly kind: 'addressChanged'; readonly sub: string; readonly to: string }
  | { readonly kind: 'wrongPasswords'; readonly identifier: string; readonly attempts: number }

/** What the function that mails is invoked with. It holds no ticket, code or password. */
export type MailEvent = Occasion & (CodeRequest | Notice)

/**
 * Asks for the mail of a code, without waiting for it.
 * @throws Unavailable where nobody took the request.
 */
export type RequestCode = (request: Occasion & CodeRequest) => Promise<void>

/** Tells an owner, without waiting for the mail. It never fails, because what it tells has happened: the log line says if it was lost. */
export type Notify = (notice: Occasion & Notice) => Promise<{ readonly notice?: 'lost' }>
