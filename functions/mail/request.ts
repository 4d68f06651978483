import { languages } from '../domain/mail/language.ts'
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

const purposes = ['register', 'recover', 'email'] as const

function readCodeRequest(members: Members): CodeRequest {
  const { id, codeKey, device, isTrusted = false } = members
  const purpose = purposes.find((each) => each === members['purpose'])
  if (purpose === undefined || typeof id !== 'string' || typeof codeKey !== 'string') throw notOurs()
  if (!isOptionalString(device) || typeof isTrusted !== 'boolean') throw notOurs()
  return { kind: 'code', purpose, id, codeKey, device, isTrusted }
}

function readNotice({ kind, sub, to, identifier, attempts }: Members): Notice {
  if (kind === 'wrongPasswords') {
    if (typeof identifier !== 'string' || typeof attempts !== 'number') throw notOurs()
    return { kind, identifier, attempts }
  }
  if (typeof sub !== 'string') throw notOurs()
  if (kind === 'passwordChanged' || kind === 'sessionEndedAsReused') return { kind, sub }
  if (kind !== 'addressChanged' || typeof to !== 'string') throw notOurs()
  return { kind, sub, to }
}
