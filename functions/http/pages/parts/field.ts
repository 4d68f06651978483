import { type Markup, markup } from './html.ts'

/** More than a password may have: a browser would cut a longer one off, and nobody would hear of it. */
export const maxPasswordUnits = 1024

type Field = {
  /** Also its id. */
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'email' | 'password'
  readonly value?: string | undefined
  readonly autocomplete: string
  readonly hint?: string
  readonly isOptional?: boolean
  /** Of a code of digits. */
  readonly isNumeric?: boolean
  readonly isReadOnly?: boolean
}

/** What is wrong with a form: `field` is the one at fault, if it is one. */
export type Problem = { readonly text: string; readonly field?: string | undefined }

export const problemText = (problem: Problem | undefined): Markup =>
  problem === undefined ? markup`` : markup`<p role="alert" id="problem">${problem.text}</p>`

/** The fields of a form. The one at fault points to the problem and has the focus, otherwise the first that can be filled in. */
export function fieldsOf(fields: readonly Field[], problem: Problem | undefined): Markup {
  const atFault = fields.find(({ name }) => name === problem?.field)
  const focused = atFault ?? fields.find(({ isReadOnly = false }) => !isReadOnly)
  return markup`${fields.map((field) => fieldOf(field, field === atFault, field === focused))}`
}

function fieldOf(field: Field, isAtFault: boolean, hasFocus: boolean): Markup {
  const { name, label, type = 'text', value = '', autocomplete, hint } = field
  const described = [...(isAtFault ? ['problem'] : []), ...(hint === undefined ? [] : [`${name}-hint`])].join(' ')
  const typed =
    type === 'password' ? markup`maxlength="${maxPasswordUnits}"` : markup`value="${value}" dir="auto" maxlength="256"`
  const flags = [
    ...(field.isOptional ? [] : ['required']),
    ...(field.isReadOnly ? ['readonly'] : []),
    ...(hasFocus ? ['autofocus'] : []),
  ].join(' ')
  return markup`<label for="${name}">${label}</label>
${hint === undefined ? '' : markup`<p class="hint" id="${name}-hint">${hint}</p>`}
<input id="${name}" name="${name}" type="${type}" ${typed} autocomplete="${autocomplete}"${field.isNumeric ? markup` inputmode="numeric"` : ''} autocapitalize="none" spellcheck="false"${described === '' ? '' : markup` aria-describedby="${described}"`}${isAtFault ? markup` aria-invalid="true"` : ''} ${flags}>
`
}
