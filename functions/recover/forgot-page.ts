import type { ApiResponse } from '../http/api/response.ts'
import { formPage } from '../http/pages/mailed-code-page.ts'
import type { PageContext, pageResponse } from '../http/pages/page.ts'
import { fieldsOf, type Problem } from '../http/pages/parts/field.ts'

/** `minimumLength` is that of a password, in characters. */
export type ForgotContext = PageContext & { readonly issuer: string; readonly minimumLength: number }

type Typed = {
  readonly flow: string | undefined
  readonly username?: string
  readonly problem?: Problem
}

type Given = Parameters<typeof pageResponse>[2]

/** The page that asks for whom a code is to be mailed. */
export function forgotPage(context: ForgotContext, { flow, username, problem }: Typed, given: Given): ApiResponse {
  const { texts } = context
  const fields = [{ name: 'username', label: texts.username, value: username, autocomplete: 'username' }]
  const shown = { path: '/forgot', title: texts.forgot, text: texts.forgotText, button: texts.sendCode } as const
  return formPage(context, { ...shown, fields: fieldsOf(fields, problem), flow, problem }, given)
}

/** The page that asks for the code and a new password. `username` is what the code was asked for. */
export function newPasswordPage(context: ForgotContext, { flow, username, problem }: Typed, given: Given): ApiResponse {
  const { texts, minimumLength } = context
  const fields = [
    { name: 'username', label: texts.username, value: username, autocomplete: 'username', isReadOnly: true },
    { name: 'code', label: texts.mailedCode, autocomplete: 'one-time-code', isNumeric: true },
    {
      name: 'password',
      type: 'password',
      label: texts.newPassword,
      hint: texts.passwordHint(minimumLength),
      autocomplete: 'new-password',
    } as const,
  ]
  const shown = { path: '/forgot/confirm', start: '/forgot', title: texts.newPasswordTitle, flow, problem } as const
  const said = { text: texts.newPasswordText, button: texts.setPassword, fields: fieldsOf(fields, problem) }
  return formPage(context, { ...shown, ...said }, given)
}
