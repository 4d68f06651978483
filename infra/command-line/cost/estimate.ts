import { createApp } from '../../create-app.ts'
import { misuse } from '../line/misuse.ts'
import { type Plan, readPlan } from './plan.ts'
import { costByCalls, costTable } from './table.ts'

/** In a month, where the estimate is not to guess them. */
type Counts = { readonly mails: number | undefined; readonly totpLogins: number | undefined }

/** What a month costs with the stack of these settings: a table in Markdown, or JSON. */
export async function estimate(
  settings: Readonly<Record<string, string>>,
  counts: Counts,
  json: boolean,
): Promise<string> {
  const app = await createApp(settings)
  const [stack] = app.synth().stacks
  const plan = readPlan(stack?.template.Resources ?? {})
  refuseUnused(counts, plan)
  const counted = { ...plan, ...counts }
  return json ? `${JSON.stringify(costByCalls(counted), null, 2)}\n` : `${costTable(counted)}\n`
}

function refuseUnused({ mails, totpLogins }: Counts, { sendsMail, factorKeys }: Plan): void {
  if (mails !== undefined && !sendsMail) {
    misuse('--mails goes only together with -c emailFrom=ADDRESS, without which no mail is sent.')
  }
  if (totpLogins !== undefined && factorKeys === 0) {
    misuse('--totp-logins goes only together with -c secondFactor=optional or required.')
  }
}
