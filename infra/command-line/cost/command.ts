import { createCommand, print } from '../line/command.ts'
import { misuse } from '../line/misuse.ts'
import { commonOptions, readContext, settingOption } from '../line/options.ts'

export const cost = createCommand(
  {
    name: 'cost',
    summary: 'Estimates what a month in AWS costs.',
    runsFunctions: false,
    about: `Estimates what a month in AWS costs, by the calls of protected routes in it: of a stack with a TokenAuth by its
template, in a clone also of the stack with these settings. See docs/cost.md.`,
    operands: [],
    options: {
      template: {
        type: 'string',
        value: 'FILE',
        about: 'A template, such as cdk.out/STACK.template.json after npx cdk synth.',
      },
      ...settingOption,
      mails: { type: 'string', value: 'NUMBER', about: 'Mails in a month, instead of one for every fourth log-in.' },
      'totp-logins': {
        type: 'string',
        value: 'NUMBER',
        about: 'Log-ins with an authenticator app in a month, instead of all of them.',
      },
      json: { type: 'boolean', default: false, about: 'Prints the estimate as JSON.' },
      ...commonOptions,
    },
  },
  async ({ template, context, mails, 'totp-logins': totpLogins, json }, _, streams) => {
    if (template !== undefined && context.length > 0)
      misuse('--template or -c, not both: a template has its settings in it.')
    const stack = template === undefined ? { settings: readContext(context) } : { template }
    const counts = {
      mails: readCount('--mails', 'mails', mails),
      totpLogins: readCount('--totp-logins', 'log-ins', totpLogins),
    }
    const { estimate } = await import('./estimate.ts')
    return print(await estimate(stack, counts, json), streams)
  },
)

function readCount(option: string, what: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,9}$/.test(text)
    ? Number(text)
    : misuse(`${option} takes a whole number of ${what} a month, not ${text}.`)
}
