import { parseArgs } from 'node:util'
import { createApp } from '../../create-app.ts'
import { type Plan, readPlan } from './plan.ts'
import { costTable } from './table.ts'

const usage = 'npm run cost -- [-c name=value …] [--mails MAILS_A_MONTH] [--totp-logins LOGINS_A_MONTH]'

/** What a month costs with the stack of these settings. */
async function main(): Promise<string> {
  const { values } = parseArgs({
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      mails: { type: 'string' },
      'totp-logins': { type: 'string' },
    },
  })
  const settings = values.context.map((setting) => /^([^=]+)=(.*)$/s.exec(setting)?.slice(1) ?? [])
  if (settings.some(([name]) => name === undefined)) throw new Error(`A setting is name=value. Usage: ${usage}`)
  const app = await createApp(Object.fromEntries(settings))
  const [stack] = app.synth().stacks
  const plan = readPlan(stack?.template.Resources ?? {})
  return costTable({ ...plan, mails: readMails(values.mails, plan), totpLogins: readTotp(values['totp-logins'], plan) })
}

function readMails(text: string | undefined, { sendsMail }: Plan): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--mails: a whole number of mails a month, not ${text}. Usage: ${usage}`)
  if (!sendsMail) throw new Error('--mails: only together with -c emailFrom=ADDRESS, without which no mail is sent.')
  return Number(text)
}

function readTotp(text: string | undefined, { factorKeys }: Plan): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) {
    throw new Error(`--totp-logins: a whole number of log-ins a month, not ${text}. Usage: ${usage}`)
  }
  if (factorKeys === 0) throw new Error('--totp-logins: only together with -c secondFactor=optional or required.')
  return Number(text)
}

await main().then(console.log, ({ message }: Error) => {
  console.error(message)
  process.exitCode = 1
})
