import { type Markup, markup } from './html.ts'

type Field = {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'password' | 'email'
  readonly value?: string
  readonly autocomplete: string
  readonly maxLength: number
  readonly isNumeric?: boolean
  readonly hint?: string
}

/** What is wrong with a form, and the field at fault; undefined where nothing is. */
export type Problem = { readonly field: string; readonly text: string } | undefined

/** What is wrong, read out at once. */
export const problemText = (problem: Problem): Markup | string =>
  problem === undefined ? '' : markup`<p role="alert" id="problem">${problem.text}</p>`

/** A field with its label. The focus is on the one at fault, else on the one that is to be filled in first. */
export function field(
  { name, label, type = 'text', value = '', autocomplete, maxLength, isNumeric = false, hint }: Field,
  problem: Problem,
  isFirst: boolean,
): Markup {
  const isWrong = problem?.field === name
  const described = [...(isWrong ? ['problem'] : []), ...(hint === undefined ? [] : [`${name}-hint`])].join(' ')
  const hasFocus = problem === undefined ? isFirst : isWrong
  return markup`<label for="${name}">${label}</label>
${hint === undefined ? '' : markup`<p class="soft" id="${name}-hint">${hint}</p>`}
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" maxlength="${maxLength}" required${isNumeric ? markup` inputmode="numeric"` : ''}${hasFocus ? ' autofocus' : ''}${described === '' ? '' : markup` aria-describedby="${described}"`}${isWrong ? markup` aria-invalid="true"` : ''}>`
}
