import type { Clock } from '../clock.ts'
import type { MailKind } from './mail.ts'

/**
 * Mails that are counted together: codes, which strangers ask for; codes for someone who knows the password; warnings, which strangers cause; and notices of what
 * happened inside an account, which nobody must be able to suppress by causing the others.
 */
type MailGroup = 'codes' | 'enrolments' | 'warnings' | 'notices'

const groupOf: { readonly [Kind in MailKind]: MailGroup } = {
  registrationCode: 'codes',
  recoveryCode: 'codes',
  addressCode: 'codes',
  // A group of its own: codes that strangers ask for must not keep an owner from logging in.
  enrolmentCode: 'enrolments',
  addressInUse: 'warnings',
  wrongPasswords: 'warnings',
  passwordChanged: 'notices',
  addressChanged: 'notices',
  factorAdded: 'notices',
  factorRemoved: 'notices',
  factorsReset: 'notices',
  recoveryCodeUsed: 'notices',
  sessionEndedAsReused: 'notices',
}

const [hour, day] = [3600, 86_400]

// In fixed windows of UTC: at the turn of an hour six may come at once.
const perSource = { max: 3, seconds: hour }
const perAddress = { max: 20, seconds: day }
const reserve = { max: 5, seconds: day }

/**
 * What stands for a mailbox, however its address is written: most mail services deliver ada+tag@ to ada@, and the largest
 * one a.d.a@ too. Elsewhere different people have these addresses, so only what strangers ask for is counted by it.
 */
function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@')
  const [name] = address.slice(0, at).split(/(?<=.)\+/)
  return `${name?.replaceAll('.', '')}${address.slice(at)}`
}

/** What mails are counted under. `start` is the NumericDate at which the window begins. */
export type MailCount = {
  readonly group: MailGroup | 'reserve'
  readonly address: string
  readonly source?: string
  readonly window: { readonly start: number; readonly seconds: number }
}

/** Where mails are counted. */
export type MailCountStore = {
  /** Counts a mail by one atomic write. False, and nothing counted, where the window has `max`. */
  readonly countMail: (count: MailCount, max: number) => Promise<boolean>
}

/**
 * `address` is the stored one. `source` is where the request came from, if there was one. `isTrusted`: it came with a
 * device token of the account, or from an administrator.
 */
type MailRequest = {
  readonly kind: MailKind
  readonly address: string
  readonly source: string | undefined
  readonly isTrusted: boolean
}

/** Counts a mail before it is sent. False where it must not be sent. */
export type AdmitMail = (request: MailRequest) => Promise<boolean>

/**
 * At most 3 mails an hour from one source to one mailbox and 20 a day to one mailbox. Trusted requests for a code have 5 a
 * day more, which no stranger can use up. Notices are limited by the day only. Both are counted by the very address.
 */
export function createAdmitMail({ countMail }: MailCountStore, clock: Clock): AdmitMail {
  const count = (counted: Omit<MailCount, 'window'>, { max, seconds }: typeof perSource): Promise<boolean> => {
    const now = Math.floor(clock())
    return countMail({ ...counted, window: { start: now - (now % seconds), seconds } }, max)
  }
  return async ({ kind, address, source, isTrusted }) => {
    const group = groupOf[kind]
    const isNotice = group === 'notices'
    const counted = { group, address: isNotice ? address : mailboxOf(address) }
    // The source first: what it is refused for does not use up the address.
    const isAdmitted =
      (isNotice || source === undefined || (await count({ ...counted, source }, perSource))) &&
      (await count(counted, perAddress))
    if (isAdmitted) return true
    return isTrusted && group === 'codes' && count({ group: 'reserve', address }, reserve)
  }
}
