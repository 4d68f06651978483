import type { en } from './en.ts'

/** What pages say, in one language. A text that is missing does not compile. */
export type Texts = { readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key] }
