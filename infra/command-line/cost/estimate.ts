import { readFileSync } from 'node:fs'
import { misuse } from '../line/misuse.ts'
import { type Plan, readPlan } from './plan.ts'
import { costByCalls, costTable } from './table.ts'

/** In a month, where the estimate is not to guess them. */
type Counts = { readonly mails: number | undefined; readonly totpLogins: number | undefined }

/** A template that is there already, or the settings of ours. */
export type Stack = { readonly template: string } | { readonly settings: Readonly<Record<string, string>> }

/** What a month costs with a stack: a table in Markdown, or JSON. */
export async function estimate(stack: Stack, counts: Counts, json: boolean): Promise<string> {
  const plan = readPlan('template' in stack ? readResources(stack.template) : await synthesise(stack.settings))
  refuseUnused(counts, plan)
  const counted = { ...plan, ...counts }
  return json ? `${JSON.stringify(costByCalls(counted), null, 2)}\n` : `${costTable(counted)}\n`
}

type Resources = Parameters<typeof readPlan>[0]

async function synthesise(settings: Readonly<Record<string, string>>): Promise<Resources> {
  // CDK takes longer to load than all the rest.
  const { createApp } = await import('../../create-app.ts')
  const app = await createApp(settings)
  return app.synth().stacks[0]?.template.Resources ?? {}
}

function readResources(file: string): Resources {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')).Resources)
  } catch {
    throw new Error(`${file} is no template: take one of cdk.out, as npx cdk synth writes it.`)
  }
}

function refuseUnused({ mails, totpLogins }: Counts, { sendsMail, factorKeys }: Plan): void {
  if (mails !== undefined && !sendsMail) {
    misuse('--mails goes only together with mail: -c emailFrom=ADDRESS, or the prop email.')
  }
  if (totpLogins !== undefined && factorKeys === 0) {
    misuse('--totp-logins goes only together with secondFactor=optional or required.')
  }
}
