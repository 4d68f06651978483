import { describe, expect, test } from '@jest/globals'
import { languages } from '../../../functions/domain/mail/language.ts'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { endpoint } from '../../../functions/http/api/endpoint.ts'
import { expiredPage } from '../../../functions/http/pages/error-page.ts'
import { pageResponse } from '../../../functions/http/pages/page.ts'
import { createPages } from '../../../functions/http/pages/pages.ts'
import { markup } from '../../../functions/http/pages/parts/html.ts'
import { defaultAccent } from '../../../functions/http/pages/parts/style.ts'
import { withNames } from '../../../functions/http/pages/parts/with-names.ts'
import { signInPage } from '../../../functions/http/pages/sign-in-page.ts'
import { textsIn } from '../../../functions/http/pages/texts/texts-in.ts'
import { context, httpEvent } from '../../support/builders/events.ts'

const audit = { event: 'a_page', outcome: 'success' } as const
const service = {
  ...{ serviceName: 'Shop', issuer: 'https://auth.example.com' },
  look: { accent: defaultAccent, hasLogo: false },
}

type Request = { readonly query?: string; readonly cookie?: string; readonly accept?: string; readonly route?: string }

/** The page that a request gets, of a function whose pages have no other text than the way to sign in. */
async function ask({ query = '', cookie, accept, route = 'GET /sign-in' }: Request, fault?: Error) {
  const pages = createPages(service, (context) => async () => {
    if (fault) throw fault
    return pageResponse(context, { title: context.texts.signIn, body: markup`` }, { audit })
  })
  const event = httpEvent(route, {
    rawQueryString: query,
    headers: accept === undefined ? {} : { 'accept-language': accept },
    ...(cookie !== undefined && { cookies: [`__Host-latchkey-language=${cookie}`] }),
  })
  return endpoint(pages.handle, () => undefined, undefined, pages.faultResponse)(event, context)
}

const languageOf = (page: string | undefined) => /<html lang="([^"]*)">/.exec(page ?? '')?.[1]

// DESIGN 18
describe('a page is in the language', () => {
  test.each<[string, Request, string]>([
    ['of ui_locales', { query: 'ui_locales=fr-CH%20en', accept: 'de', cookie: 'es' }, 'fr'],
    ['that the client asked for before', { accept: 'de', cookie: 'es' }, 'es'],
    ['of the browser', { accept: 'nl,de-AT;q=0.8,fr;q=0.3' }, 'de'],
    ['of the browser, at another authorization request', { accept: 'de', cookie: 'es', route: 'GET /authorize' }, 'de'],
    ['that is English where nothing is asked for', {}, 'en'],
    ['that is English where nobody speaks the one that is asked for', { query: 'ui_locales=tlh', accept: 'nl' }, 'en'],
    ['of the browser where ui_locales are of no use', { query: 'ui_locales=%00', accept: 'de' }, 'de'],
    ['of the browser where the query cannot be read', { query: 'ui_locales=%ff', accept: 'de' }, 'de'],
    ['of the browser where the cookie has none of ours', { cookie: 'tlh', accept: 'de' }, 'de'],
    ['of the browser where the cookie has markup', { cookie: '"><script>', accept: 'fr' }, 'fr'],
    ['that is English where the header is nonsense', { accept: ';q=,,*;q=0,\uFFFD' }, 'en'],
    ['that is English where the header has no end', { accept: 'x'.repeat(100_000) }, 'en'],
    ['of nobody’s object', { query: 'ui_locales=__proto__%20constructor', cookie: 'constructor' }, 'en'],
  ])('%s', async (_, request, language) => {
    const { statusCode, body } = await ask(request)

    expect([statusCode, languageOf(body)]).toEqual([200, language])
    expect(body).toContain(`<h1>${(await textsIn(language as 'en')).signIn}</h1>`)
    expect(body).not.toContain(' dir=')
  })

  test.each(languages)('of the reader also where it is a fault of ours: %s', async (language) => {
    const texts = await textsIn(language)
    const [fault, outage] = [new Error('a secret'), new Unavailable('a secret')]
    const [crashed, late] = [await ask({ accept: language }, fault), await ask({ accept: language }, outage)]

    expect([crashed.statusCode, late.statusCode]).toEqual([500, 503])
    expect([crashed.body, late.body].map(languageOf)).toEqual([language, language])
    expect(crashed.body).toContain(`<h1>${texts.fault.replaceAll("'", '&#39;')}</h1>`)
    expect(late.body).toContain(`<h1>${texts.unavailable}</h1>`)
    expect(`${crashed.body}${late.body}`).not.toContain('a secret')
  })
})

describe('the texts', () => {
  // A text that is missing does not compile; one that was forgotten is the same in two languages.
  test.each(languages.filter((language) => language !== 'en'))(
    'in %s are all translated, and tell who they are about',
    async (language) => {
      const [english, texts] = [await textsIn('en'), await textsIn(language)]
      const said = (each: string | ((...values: never[]) => string)) =>
        typeof each === 'string' ? each : (each as (...values: unknown[]) => string)('Ada', 'Bob')
      const names = Object.keys(english) as (keyof typeof english)[]

      const same = names.filter((name) => said(texts[name]) === said(english[name]))
      // A word of both.
      expect(same.filter((name) => texts[name] !== 'Passkeys')).toEqual([])
      const dropped = names.filter((name) =>
        ['Ada', 'Bob'].some((who) => said(english[name]).includes(who) && !said(texts[name]).includes(who)),
      )
      expect(dropped).toEqual([])
      expect(names.filter((name) => /[\uE000-\uF8FF<>]/.test(said(texts[name])))).toEqual([])
    },
  )
})

// REQ-186
describe('a name on a page', () => {
  test.each(languages)('stands in an element of its own, escaped, however it is written: %s', async (language) => {
    const { consentText } = await textsIn(language)
    const arabic = 'متجر الكتب'
    const hostile = '<b>"&\u2066'
    const shown = String(withNames(consentText, arabic, hostile))

    expect(shown).toContain(`<bdi>${arabic}</bdi>`)
    expect(shown).toContain('<bdi>&lt;b&gt;&quot;&amp;\u2066</bdi>')
    expect(shown.replaceAll(/<\/?bdi>/g, '')).not.toMatch(/[<>\uE000-\uF8FF]/)
  })

  test('that looks like one of our marks is a name like any other', async () => {
    const { consentText } = await textsIn('en')

    expect(String(withNames(consentText, '\uE001', '\uE000'))).toContain('as <bdi>\uE000</bdi>')
  })

  test('of 256 characters leaves the page whole', async () => {
    const name = '&'.repeat(256)
    const texts = await textsIn('de')
    const shown = { flow: 'f', client: name, username: name }
    const { page = '' } = signInPage(
      { ...service, texts, hasPasskeys: false, hasSignUp: false, hasForgot: false },
      shown,
      { audit },
    )

    expect(page).toContain(`value="${'&amp;'.repeat(256)}"`)
    expect(page).toContain(`<bdi>${'&amp;'.repeat(256)}</bdi>`)
  })
})

test('a page that is too old says so in the language of the reader', async () => {
  for (const language of languages) {
    const texts = await textsIn(language)
    const { status, page } = expiredPage({ ...service, texts }, audit)

    expect([status, languageOf(page)]).toEqual([400, language])
    expect(page).toContain(texts.expired)
  }
})

test('the logo stands in the place of the name, which is its text', async () => {
  const look = { accent: { ...defaultAccent, light: '#7a1fa2' }, hasLogo: true }
  const page = { title: 'A page', body: markup`` }
  const shown = pageResponse({ ...service, texts: await textsIn('en'), look, serviceName: '"Shop"' }, page, { audit })

  expect(shown.page).toContain('<header><img src="/logo" alt="&quot;Shop&quot;"></header>')
  expect(shown.page).toContain('--accent:#7a1fa2;')
  expect(shown.headers?.['content-security-policy']).toContain("img-src 'self' data:")
})
