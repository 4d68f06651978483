/** Markup that is safe to send. Only `html` makes it, so no text gets into a page by mistake. */
export type Html = { readonly markup: string }

type Value = string | number | Html | readonly Html[] | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

function render(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return [value]
    .flat()
    .map(({ markup }) => markup)
    .join('')
}

/** A template that escapes what is put into it. Attributes need their quotes. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.map((part, index) => part + render(values[index])).join(''),
})

/** Text of ours that goes into a page as it is: a style sheet or a script. */
export const trusted = (markup: string): Html => ({ markup })
