import { html, raw } from 'hono/html'

/** Markup, in which every value was escaped. */
export type Markup = ReturnType<typeof raw>

/** A tagged template that escapes every value that is not markup itself, in text and in attributes in double quotes. */
export const markup = (strings: TemplateStringsArray, ...values: readonly unknown[]): Markup =>
  html(strings, ...values) as Markup

/** Text of ours that is markup already: a style sheet or a script, never a value. */
export const literal = (text: string): Markup => raw(text)
