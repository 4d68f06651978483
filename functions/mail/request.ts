import { languages } from '../domain/mail/language.ts'
import { type Factor, mailedFactors } from '../domain/mail/mail.ts'
import type { CodeRequest, MailEvent, Notice, Occasion } from '../domain/mail/mail-event.ts'
import { isOptionalString } from '../http/api/body.ts'

/** @throws TypeError for what no function of ours sends, which is a fault of ours. */
export function readMailEvent(event: unknown): MailEvent {
  const members: Members = Object(event)
  return { ...readOccasion(members), ...(members['kind'] === 'code' ? readCodeRequest(members) : readNotice(members)) }
}

type Members = Readonly<Record<string, unknown>>

const notOurs = (): TypeError => new TypeError('This is not an event of a function that asks for mails.')

function readOccasion({ time, source, language }: Members): Occasion {
  const known = languages.find((each) => each === language)
  if (typeof time !== 'number' || !isOptionalString(source) || known === undefined) throw notOurs()
  return { time, source, language: known }
}

const purposes = ['register', 'recover', 'email', 'enrol'] as const

function readCodeRequest(members: Members): CodeRequest {
  const { id, codeKey, device, isTrusted = false } = members
  const purpose = purposes.find((each) => each === members['purpose'])
  if (purpose === undefined || typeof id !== 'string' || typeof codeKey !== 'string') throw notOurs()
  if (!isOptionalString(device) || typeof isTrusted !== 'boolean') throw notOurs()
  return { kind: 'code', purpose, id, codeKey, device, isTrusted }
}

function readFactor(factor: unknown): Factor {
  const known = mailedFactors.find((each) => each === factor)
  if (known === undefined) throw notOurs()
  return known
}

function readNotice({ kind, sub, to, identifier, attempts, factor, left }: Members): Notice {
  if (kind === 'wrongPasswords') {
    if (typeof identifier !== 'string' || typeof attempts !== 'number') throw notOurs()
    return { kind, identifier, attempts }
  }
  if (typeof sub !== 'string') throw notOurs()
  if (kind === 'passwordChanged' || kind === 'sessionEndedAsReused' || kind === 'factorsReset') return { kind, sub }
  if (kind === 'factorAdded' || kind === 'factorRemoved') return { kind, sub, factor: readFactor(factor) }
  if (kind === 'recoveryCodeUsed') {
    if (typeof left !== 'number') throw notOurs()
    return { kind, sub, left }
  }
  if (kind !== 'addressChanged' || typeof to !== 'string') throw notOurs()
  return { kind, sub, to }
}
