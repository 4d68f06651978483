import { afterAll, describe, expect, test } from '@jest/globals'
import { ownPagesWith } from '../../functions/domain/oauth/own-pages.ts'
import { openBrowser } from '../support/builders/oauth-browser.ts'
import { createOAuthService, issuer } from '../support/builders/oauth-service.ts'
import { openTable } from '../support/table.ts'

const table = await openTable()
afterAll(table.close)

const setUp = async (settings: Parameters<typeof createOAuthService>[1] = {}) => {
  const service = await createOAuthService(table, settings)
  const browser = openBrowser(service)
  /** Signs in from a link, and tells where that ends. */
  const signInTo = async (target: string) => {
    const page = await browser.go('GET', target)
    const credentials = { username: service.username, password: service.password }
    return (await browser.go('POST', '/sign-in', { ...page.fields, ...credentials })).location
  }
  /** Where somebody who is signed in ends; a service without the setting looks for a factor all the same. */
  const to = async (target: string) => {
    const { location } = await browser.go('GET', target)
    return location.startsWith('/sign-in/factor') ? (await browser.go('GET', location)).location : location
  }
  return { service, browser, signInTo, to }
}

// REQ-180
describe('a sign-in without a client', () => {
  test.each(['/account', '/account/password', '/account/email', '/account/factors'])('leads to %s', async (path) => {
    const { signInTo } = await setUp()

    expect(await signInTo(`/sign-in?to=${path}`)).toBe(path)
  })

  test.each([
    '',
    '?to=',
    '?to=/',
    '?to=/consent',
    '?to=/account/',
    '?to=/account/../admin',
    '?to=%2F%2Fevil.example',
    '?to=//evil.example/account',
    '?to=https://evil.example/account',
    `?to=${issuer}/account/password`,
    '?to=%2Faccount%2Fpassword%00',
    '?to=/account%252Fpassword',
    '?to=%5C%5Cevil.example',
    '?to=javascript:alert(1)',
    '?to=/account/factors%0d%0aSet-Cookie:a=b',
    '?to=/ACCOUNT/FACTORS',
    '?to=%ff',
    '?to=__proto__',
  ])('leads to /account where %p names no page of ours', async (query) => {
    const { signInTo } = await setUp()

    expect(await signInTo(`/sign-in${query}`)).toBe('/account')
  })

  test.each([
    [{ mail: false, factors: false }, ['/account', '/account/password', '/account', '/account']],
    [{ mail: true, factors: false }, ['/account', '/account/password', '/account/email', '/account']],
    [{ mail: false, factors: true }, ['/account', '/account/password', '/account', '/account/factors']],
  ])('leads to /account in place of a page that a service with %j does not have', async (has, ends) => {
    const pages = ownPagesWith({ mail: true, factors: true })
    const led = pages.map(async (page) => {
      const { signInTo } = await setUp({ ownPages: ownPagesWith(has) })
      return signInTo(`/sign-in?to=${page}`)
    })

    expect(await Promise.all(led)).toEqual(ends)
  })

  test('understands a slash in percent encoding, as forms send it', async () => {
    const { signInTo } = await setUp()

    expect(await signInTo('/sign-in?to=%2Faccount%2Fpassword')).toBe('/account/password')
  })

  test('says what it leads to, and asks nobody for consent', async () => {
    const { browser } = await setUp()
    const page = await browser.go('GET', '/sign-in')

    expect([page.status, page.text.includes('<bdi>Shop &amp; Co</bdi>')]).toEqual([200, true])
    expect(page.cookies.join()).toContain('__Host-latchkey-flow=')
  })

  test('leads those who are signed in on at once', async () => {
    const { service, signInTo, to } = await setUp()
    await signInTo('/sign-in')

    expect(await to('/sign-in?to=/account/email')).toBe('/account/email')
    service.clock.advance(3600)
    expect(await to('/sign-in')).toBe('/account')
  })

  test('is fresh where factors are changed: ten minutes after the last one another is asked for', async () => {
    const { service, signInTo, to } = await setUp()
    await signInTo('/sign-in')
    service.clock.advance(600)
    expect(await to('/sign-in?to=/account/factors')).toBe('/account/factors')

    service.clock.advance(1)

    expect(await to('/sign-in?to=/account/factors')).toBe('')
    expect(await signInTo('/sign-in?to=/account/factors')).toBe('/account/factors')
    expect(await to('/sign-in?to=/account/factors')).toBe('/account/factors')
  })

  test('asks nobody for a factor who has none, where factors are changed', async () => {
    const service = await createOAuthService(table, { secondFactor: 'optional' })
    const browser = openBrowser(service)
    const page = await browser.go('GET', '/sign-in?to=/account/factors')
    const signedIn = await browser.signIn(page).catch((error: Error) => error.message)

    // The page itself is not there in this service.
    expect(signedIn).toBe('There is no route GET /account/factors.')
  })

  // REQ-169
  test.each(['/account/password', '/account/email'])(
    'leads who signed in before a factor was required, and has none, to %s by another sign-in',
    async (page) => {
      const { service, browser, signInTo } = await setUp()
      await signInTo('/sign-in')
      const { account: existing, clock } = service
      const now = openBrowser(await createOAuthService(table, { existing, clock, secondFactor: 'required' }))
      for (const [name, value] of browser.jar) now.jar.set(name, value)
      const asked = await now.follow(await now.go('GET', `/sign-in?to=${page}`))
      const credentials = { username: service.username, password: service.password }
      const { location } = await now.go('POST', '/sign-in', { ...asked.fields, ...credentials })

      expect([asked.text.includes('name="password"'), location]).toEqual([
        true,
        expect.stringMatching(/^\/sign-in\/enrol\?flow=/),
      ])
    },
  )

  test('never ends with a code: not by its form, not at /consent, and not by its redirect URI', async () => {
    const { service, browser } = await setUp()
    const page = await browser.go('GET', '/sign-in?to=/account/password')
    const flow = page.fields['flow'] ?? ''
    const credentials = { username: service.username, password: service.password }
    const ends = [await browser.go('POST', '/sign-in', { flow, ...credentials })]
    ends.push(await browser.go('GET', `/consent?flow=${flow}`))
    ends.push(await browser.go('POST', '/consent', { flow, decision: 'allow', consent: 'x' }))

    expect(ends.map(({ location }) => location)).toEqual(Array(3).fill('/account/password'))
    const asked = await browser.go('GET', `/authorize?client_id=${encodeURIComponent(issuer)}&response_type=code`)
    expect([asked.status, asked.location]).toEqual([400, ''])
  })

  test('belongs to a client that nobody can register', async () => {
    const { service } = await setUp()

    await expect(service.putClient({ client_id: issuer })).rejects.toThrow('client_id must be')
  })
})

// DESIGN 18
describe('the language of a flow', () => {
  const languageOf = (text: string) => /<html lang="([^"]*)">/.exec(text)?.[1]

  test('is what the client asks for, on all pages of it, until another request begins', async () => {
    const { service, browser } = await setUp()
    const client = await service.putClient()
    const { page } = await browser.authorize(client, { ui_locales: 'de-AT fr' })
    expect([languageOf(page.text), browser.jar.get('__Host-latchkey-language')]).toEqual(['de', 'de'])

    const wrong = await browser.go('POST', '/sign-in', { ...page.fields, username: 'nobody', password: 'x' })
    expect([wrong.status, languageOf(wrong.text)]).toEqual([400, 'de'])
    const again = await browser.authorize(client)
    expect([languageOf(again.page.text), browser.jar.has('__Host-latchkey-language')]).toEqual(['en', false])
  })

  test('stays for the pages of ours that follow', async () => {
    const { service, browser } = await setUp()
    await browser.authorize(await service.putClient(), { ui_locales: 'es' })
    const page = await browser.go('GET', '/sign-in?to=/account')

    expect([languageOf(page.text), browser.jar.get('__Host-latchkey-language')]).toEqual(['es', 'es'])
  })

  test('that nobody speaks is English, and is kept as that', async () => {
    const { service, browser } = await setUp()
    const { page } = await browser.authorize(await service.putClient(), { ui_locales: 'tlh' })

    expect([languageOf(page.text), browser.jar.get('__Host-latchkey-language')]).toEqual(['en', 'en'])
  })

  test('is a session cookie, as the flow is one', async () => {
    const { service, browser } = await setUp()
    const { page } = await browser.authorize(await service.putClient(), { ui_locales: 'fr' })

    expect(page.cookies).toContain('__Host-latchkey-language=fr; Path=/; HttpOnly; SameSite=Lax; Secure')
  })
})

// REQ-183
test('the names on the consent page stand in elements of their own, and in its title they are isolated', async () => {
  const service = await createOAuthService(table, { account: { identifiers: ['آدا'] } })
  const browser = openBrowser(service)
  const client = await service.putClient({ first_party: false, client_name: 'متجر', scope: 'orders:read' })
  const { page } = await browser.authorize(client, { scope: 'openid orders:read' })
  const { text } = await browser.signIn(page)

  expect(text).toContain('<title>Allow \u2068متجر\u2069 to use your account? · Shop &amp; Co</title>')
  expect(text).toContain('<h1>Allow <bdi>متجر</bdi> to use your account?</h1>')
  expect(text).toContain('You are signed in as <bdi>آدا</bdi>.')
})
