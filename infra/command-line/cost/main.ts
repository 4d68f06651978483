import { parseArgs } from 'node:util'
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
  const mails = readCount('--mails', 'mails', values.mails)
  const totpLogins = readCount('--totp-logins', 'log-ins', values['totp-logins'])
  // CDK takes longer to load than to see that a line cannot be understood.
  const { createApp } = await import('../../create-app.ts')
  const app = await createApp(Object.fromEntries(settings))
  const [stack] = app.synth().stacks
  const plan = readPlan(stack?.template.Resources ?? {})
  refuseUnused({ mails, totpLogins }, plan)
  return costTable({ ...plan, mails, totpLogins })
}

function readCount(option: string, what: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text))
    throw new Error(`${option}: a whole number of ${what} a month, not ${text}. Usage: ${usage}`)
  return Number(text)
}

type Counts = { readonly mails: number | undefined; readonly totpLogins: number | undefined }

function refuseUnused({ mails, totpLogins }: Counts, { sendsMail, factorKeys }: Plan): void {
  if (mails !== undefined && !sendsMail) {
    throw new Error('--mails: only together with -c emailFrom=ADDRESS, without which no mail is sent.')
  }
  if (totpLogins !== undefined && factorKeys === 0) {
    throw new Error('--totp-logins: only together with -c secondFactor=optional or required.')
  }
}

await main().then(console.log, ({ message }: Error) => {
  console.error(message)
  process.exitCode = 1
})
