import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMailbox } from '../../infra/command-line/mailbox/mailbox-server.ts'
import { type CapturedMail, createMails } from '../../infra/local/aws/mails.ts'

/** A mailbox of its own, and a way to put mails into it as the local account does. */
export async function openTestMailbox(hosts: readonly string[] = []) {
  const data = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const mails = createMails(data)
  const lines: string[] = []
  const mailbox = await openMailbox(mails, (source, line) => void lines.push(`${source}: ${line}`), hosts)
  /** @returns the mail's id. */
  const put = async (more: Partial<CapturedMail> = {}): Promise<string> => {
    const addresses = { to: 'ada@example.net', from: 'Shop <no-reply@example.com>' }
    const content = { subject: 'Your code', text: 'Your code is 1234 5678.', html: '<p>Your code is 1234 5678.</p>' }
    await mails.put({ messageId: 'message', ...addresses, ...content, ...more })
    const [id = ''] = await mails.list()
    return id
  }
  return { url: mailbox.url, data, mails, lines, put, [Symbol.asyncDispose]: () => mailbox[Symbol.asyncDispose]() }
}
