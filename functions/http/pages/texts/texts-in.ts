import type { Language } from '../../../domain/mail/language.ts'
import { en } from './en.ts'
import type { Texts } from './texts.ts'

/** The texts in a language; all but English are loaded when somebody first reads them. */
export async function textsIn(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return en
    case 'de':
      return (await import('./de.ts')).de
    case 'fr':
      return (await import('./fr.ts')).fr
    case 'es':
      return (await import('./es.ts')).es
  }
}
