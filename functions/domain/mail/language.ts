/** The languages that mails and pages are written in. */
export const languages = ['en', 'de', 'fr', 'es'] as const

export type Language = (typeof languages)[number]

const defaultLanguage: Language = 'en'

// Both come from anyone. What is longer is cut off, so that reading them takes no time worth mentioning.
const maxLength = 1000
const maxRanges = 50

/** What a request says about the language of its answers. Each may be missing, malformed or of any length. */
export type LanguageWishes = {
  /** Tags separated by spaces, the best first (OpenID Connect Core section 3.1.2.1). */
  readonly uiLocales?: string | undefined
  /** RFC 9110 section 12.5.4. */
  readonly acceptLanguage?: string | undefined
}

/** The language of a mail or a page: by `ui_locales`, else by Accept-Language, else English. */
export const chooseLanguage = ({ uiLocales = '', acceptLanguage = '' }: LanguageWishes): Language =>
  uiLocales.slice(0, maxLength).split(' ', maxRanges).map(languageOf).find(isLanguage) ??
  readAcceptLanguage(acceptLanguage) ??
  defaultLanguage

// A lookup by the first subtag (RFC 4647 section 3.4): there is one text for all of German.
const languageOf = (range: string): string => range.trim().split('-')[0]?.toLowerCase() ?? ''

/** Whether mails and pages are written in it. */
export const isLanguage = (tag: string): tag is Language => languages.some((language) => language === tag)

type Range = { readonly tag: string; readonly weight: number }

function readAcceptLanguage(header: string): Language | undefined {
  const ranges = header.slice(0, maxLength).split(',', maxRanges).flatMap(readRange)
  const named = new Set(ranges.map(({ tag }) => tag))
  const [best] = ranges
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .flatMap(languagesIn)
  return best

  // An asterisk stands for each language that no other range names.
  function languagesIn({ tag }: Range): readonly Language[] {
    return tag === '*' ? languages.filter((language) => !named.has(language)) : [tag].filter(isLanguage)
  }
}

// A range that is malformed says nothing. Without a weight it is 1 (RFC 9110 section 12.4.2).
function readRange(text: string): readonly Range[] {
  const [, range, weight = '1'] =
    /^[ \t]*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i.exec(
      text,
    ) ?? []
  return range === undefined ? [] : [{ tag: languageOf(range), weight: Number(weight) }]
}
