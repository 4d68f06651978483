import type { ApiResponse } from '../http/api/response.ts'
import { formPage } from '../http/pages/mailed-code-page.ts'
import type { PageContext, pageResponse } from '../http/pages/page.ts'
import { fieldsOf, type Problem } from '../http/pages/parts/field.ts'

export type SignUpContext = PageContext & {
  readonly issuer: string
  /** Of a password, in characters. */
  readonly minimumLength: number
  /** Whether an address is asked for and confirmed. */
  readonly withMail: boolean
}

type Typed = {
  readonly flow: string | undefined
  readonly username?: string | undefined
  readonly email?: string | undefined
  readonly problem?: Problem | undefined
}

type Given = Parameters<typeof pageResponse>[2]

/** The page that asks for what an account is made of. With mail, a name is optional. */
export function signUpPage(context: SignUpContext, typed: Typed, given: Given): ApiResponse {
  const { texts, withMail, minimumLength } = context
  const { flow, username, email, problem } = typed
  const name = { name: 'username', value: username, autocomplete: 'username' } as const
  const fields = [
    ...(withMail
      ? [
          { name: 'email', type: 'email', label: texts.email, value: email, autocomplete: 'email' } as const,
          { ...name, label: texts.ownNameOptional, hint: texts.ownNameHint, isOptional: true },
        ]
      : [{ ...name, label: texts.ownName }]),
    {
      name: 'password',
      type: 'password',
      label: texts.password,
      hint: texts.passwordHint(minimumLength),
      autocomplete: 'new-password',
    } as const,
  ]
  const shown = { path: '/sign-up', title: texts.signUp, button: texts.signUp, flow, problem } as const
  return formPage(context, { ...shown, fields: fieldsOf(fields, problem) }, given)
}

/** The page that asks for the code that was mailed, and for another name where `username` is given. */
export function confirmPage(context: SignUpContext, { flow, username, problem }: Typed, given: Given): ApiResponse {
  const { texts } = context
  const fields = [
    ...(username === undefined
      ? []
      : [{ name: 'username', label: texts.ownName, value: username, autocomplete: 'username' }]),
    { name: 'code', label: texts.mailedCode, autocomplete: 'one-time-code', isNumeric: true },
  ]
  const shown = { path: '/sign-up/confirm', start: '/sign-up', title: texts.confirmAddress, flow, problem } as const
  const said = { text: texts.confirmAddressText, button: texts.confirm, fields: fieldsOf(fields, problem) }
  return formPage(context, { ...shown, ...said }, given)
}
