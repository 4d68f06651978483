import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

type CapturedMail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string }

/** The mails that a local account has captured in its data folder, in the order of their arrival. */
export function readMails(data: string): readonly CapturedMail[] {
  const folder = join(data, 'mail')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.toSorted().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

/** Waits until there are so many mails to an address, however long the machine takes, and returns the last of them. */
export async function waitForMail(data: string, to: string, count = 1): Promise<CapturedMail> {
  for (;;) {
    const found = readMails(data).filter((mail) => mail.to === to)
    const last = found.at(-1)
    if (last && found.length >= count) return last
    await setTimeout(20)
  }
}

/** The code in a mail, as it stands there: in two halves. */
export const codeIn = ({ text }: CapturedMail): string => /^ {4}(\d{4} \d{4})$/m.exec(text)?.[1] ?? ''
