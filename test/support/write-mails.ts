import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { languages } from '../../functions/domain/mail/language.ts'
import { writeMail } from '../../functions/domain/mail/write-mail.ts'
import { mailKinds, sampleFacts } from './builders/mails.ts'

// Writes every mail in every language into a folder, to be looked at: node test/support/write-mails.ts FOLDER
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder that the mails are to be written into.')
mkdirSync(folder, { recursive: true })
for (const language of languages)
  for (const kind of mailKinds) {
    const { subject, text, html } = writeMail(kind, language, sampleFacts()[kind])
    writeFileSync(join(folder, `${kind}.${language}.html`), html)
    writeFileSync(join(folder, `${kind}.${language}.txt`), `Subject: ${subject}\n\n${text}`)
  }
