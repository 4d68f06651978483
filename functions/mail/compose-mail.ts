import type { InvokeFailure, InvokeFunction } from '../domain/invoke-function.ts'
import type { Language } from '../domain/mail/language.ts'
import type { WrittenMail } from '../domain/mail/mail.ts'
import { writeMail } from '../domain/mail/write-mail.ts'
import { codeParameter, customMessageEvent, isCodeMail, readCustomTexts } from './custom-message.ts'
import { plainTextOf } from './plain-text.ts'
import type { PlannedMail } from './planned-mail.ts'

/** A mail in words. `hookFailure` says why they are not those of the owner's function. */
type ComposedMail = { readonly written: WrittenMail; readonly hookFailure?: { readonly reason: HookFailure } }

type Texts = ReturnType<typeof readCustomTexts>
type HookFailure = Extract<Texts, { readonly ok: false }>['failure']['reason'] | InvokeFailure['reason']

/** Writes a mail, by the owner's function if there is one. It never fails: our own texts are always there. */
export type ComposeMail = (mail: PlannedMail, language: Language) => Promise<ComposedMail>

type Dependencies = {
  /** Invokes the owner's function, if one is set. */
  readonly askHook: InvokeFunction | undefined
  readonly region: string
}

export function createComposeMail({ askHook, region }: Dependencies): ComposeMail {
  return async (mail, language) => {
    const ours = writeMail(mail.kind, language, mail.facts)
    if (!askHook || !isCodeMail(mail)) return { written: ours }
    const asked = await askHook(customMessageEvent(mail, language, region))
    const texts = asked.ok ? readCustomTexts(asked.value) : asked
    if (!texts.ok) return { written: ours, hookFailure: { reason: texts.failure.reason } }
    const { subject = ours.subject, html } = texts.value
    return { written: { ...ours, subject, ...(html !== undefined && fillIn(html, mail.facts.code, ours.text)) } }
  }
}

/** The code as digits only, because it may stand in an attribute. */
function fillIn(html: string, code: string, ourText: string): Pick<WrittenMail, 'text' | 'html'> {
  const text = plainTextOf(html)
  return {
    html: html.replaceAll(codeParameter, code),
    // The words of a mail that shows its code in a picture or a link would be of no use.
    text: text.includes(codeParameter) ? text.replaceAll(codeParameter, code) : ourText,
  }
}
