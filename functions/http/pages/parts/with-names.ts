import { type Markup, markup } from './html.ts'

/**
 * A text of ours with the names of people and clients in it, each in an element of its own, so that one that is written from
 * right to left moves nothing that stands beside it.
 */
export function withNames<Names extends readonly string[]>(text: (...names: Names) => string, ...names: Names): Markup {
  const marks = names.map((_, index) => String.fromCharCode(firstMark + index))
  const parts = text(...(marks as unknown as Names)).split(/([\uE000-\uE00F])/)
  const named = new Map(marks.map((mark, index) => [mark, markup`<bdi>${names[index]}</bdi>`]))
  return markup`${parts.map((part) => named.get(part) ?? part)}`
}

// Of the private use area, which no text of ours has.
const firstMark = 0xe000

/** The same for a place that can hold no element, such as the title of a page. */
export const isolated = (name: string): string => `\u2068${name}\u2069`
