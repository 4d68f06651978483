import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { chooseLanguage, isLanguage, type Language } from '../../domain/mail/language.ts'
import type { FaultResponse, Handler } from '../api/endpoint.ts'
import type { ApiResponse } from '../api/response.ts'
import { type Cookies, createCookies } from './cookies.ts'
import { faultPage } from './error-page.ts'
import type { PageContext } from './page.ts'
import { rawQueryOf, readRequestParameters } from './query.ts'
import { textsIn } from './texts/texts-in.ts'

/** The pages of a function, each in the language of its request. */
export type Pages = { readonly handle: Handler; readonly faultResponse: FaultResponse }

type Service = Omit<PageContext, 'texts'> & { readonly issuer: string }

type Localised = { readonly handle: Handler; readonly fault: ReturnType<typeof faultPage> }

/** `createHandler` is called once for each language that is asked for. */
export function createPages<Of extends Service>(
  service: Of,
  createHandler: (context: Of & Pick<PageContext, 'texts'>) => Handler,
): Pages {
  const cookies = createCookies(service.issuer)
  const localise = async (language: Language): Promise<Localised> => {
    const context = { ...service, texts: await textsIn(language) }
    return { handle: createHandler(context), fault: faultPage(context) }
  }
  const localised = new Map<Language, Promise<Localised>>()
  const pagesFor = (event: APIGatewayProxyEventV2): Promise<Localised> => {
    const language = languageOf(event, cookies)
    const pages = localised.get(language) ?? localise(language)
    localised.set(language, pages)
    return pages
  }
  return {
    handle: async (event) => ofAccount(event, await (await pagesFor(event)).handle(event)),
    faultResponse: async (error, audit, event) => ofAccount(event, (await pagesFor(event)).fault(error, audit)),
  }
}

/**
 * What is said about an account, errors too: nobody's window that opened it may touch it. Not on pages of a sign-in, which
 * apps open as pop-ups.
 */
const ofAccount = (event: APIGatewayProxyEventV2, response: ApiResponse): ApiResponse =>
  / \/account(?:\/|$)/.test(event.routeKey) && response.page !== undefined
    ? { ...response, headers: { ...response.headers, 'cross-origin-opener-policy': 'same-origin' } }
    : response

/**
 * By `ui_locales`, which an authorization request puts into a cookie for the pages after it, else by Accept-Language. A new
 * authorization request ignores the cookie of the one before.
 */
function languageOf(event: APIGatewayProxyEventV2, cookies: Cookies): Language {
  const uiLocales = readRequestParameters(rawQueryOf(event))?.values.get('ui_locales')
  const kept = event.routeKey === 'GET /authorize' ? undefined : cookies.read(event, 'language')
  if (uiLocales === undefined && kept !== undefined && isLanguage(kept)) return kept
  return chooseLanguage({ uiLocales, acceptLanguage: event.headers?.['accept-language'] })
}
