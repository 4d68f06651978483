import { afterAll, describe, expect, test } from '@jest/globals'
import { en } from '../../functions/http/pages/texts/en.ts'
import { openTable } from '../support/table.ts'
import { codesIn, list, newPasskey, setUpPages, titleOf } from './pages.ts'

const table = await openTable()
afterAll(table.close)

const enrol = '/sign-in/enrol'
const begin = `${enrol}/totp`
const confirm = `${begin}/confirm`
const passkey = `${enrol}/passkey`

/** Somebody without a factor, who has signed in by password where one is required. */
async function setUp(settings: Parameters<typeof setUpPages>[1] = {}) {
  const service = await setUpPages(table, { policy: 'required', ...settings })
  const page = await service.open()
  const form = { flow: page.fields['flow'] ?? '', step: page.fields['step'] ?? '' }
  const { browser, holder } = service
  const beginApp = () => browser.go('POST', begin, form)
  const confirmApp = async (begun: Awaited<ReturnType<typeof beginApp>>, code?: string) =>
    browser.go('POST', confirm, { ...begun.fields, code: code ?? holder.codeOf(begun.fields['secret'] ?? '') })
  const factorsOf = async () => (await service.factors.findCredentials(service.account.sub)).factors
  return { ...service, page, form, beginApp, confirmApp, factorsOf }
}

const sso = '__Host-latchkey'
const device = '__Host-latchkey-device'

test('owners are told in the language of the page, by whatever page', async () => {
  const account = { identifiers: ['a-german@example.com'], emailVerified: true }
  const service = await setUpPages(table, { policy: 'required', canMail: true, account })
  const { browser, holder, notices, mailedIn, credentials, clock } = service
  browser.jar.set('__Host-latchkey-language', 'de')
  const page = await service.open()
  const { fields } = await browser.follow(
    await browser.go('POST', '/sign-in/factor', { ...page.fields, kind: 'email_code', code: '12345678' }),
  )
  const begun = await browser.go('POST', begin, fields)
  const code = holder.codeOf(begun.fields['secret'] ?? '')
  const codes = codesIn(await browser.go('POST', confirm, { ...begun.fields, code }))
  clock.advance(601)
  const { fields: asked } = await service.openByRecoveryCode(codes[0] ?? '')
  const { json } = await browser.send('/account/passkeys/options', asked)
  await browser.send('/account/passkeys', { ...asked, credential: newPasskey().create(json['options'] as never) })
  await browser.go('POST', `${list}/totp/remove`, asked)
  const elsewhere = service.openBrowser()
  elsewhere.jar.set('__Host-latchkey-language', 'de')
  const signIn = await elsewhere.go('GET', '/sign-in')
  for (const _ of Array(10)) await elsewhere.signIn(signIn, credentials.username, 'a wrong password')

  expect(mailedIn).toEqual(['de'])
  expect(notices.map(({ kind, language }) => `${kind} ${language}`)).toEqual([
    ...['factorAdded de', 'recoveryCodeUsed de', 'factorAdded de', 'factorRemoved de', 'wrongPasswords de'],
  ])
})

// REQ-175, REQ-177
describe('a sign-in where a factor is required and there is none', () => {
  test('offers an app and a passkey, and has no session yet', async () => {
    const { page, browser, form } = await setUp()

    expect([page.status, titleOf(page)]).toEqual([200, en.mustEnrol])
    expect(page.text).toContain(`action="${begin}"`)
    expect(page.text).toContain(`data-path="${passkey}"`)
    expect(Object.values(form).every((value) => /^[\w-]{43}$/.test(value))).toBe(true)
    expect(browser.jar.has(sso)).toBe(false)
  })

  test('sets an app up, shows the recovery codes once, and goes on to where it began', async () => {
    const { browser, beginApp, confirmApp, notices, logged, holder } = await setUp()
    const begun = await beginApp()
    const confirmed = await confirmApp(begun)
    const codes = codesIn(confirmed)
    expect([titleOf(begun), titleOf(confirmed), codes.length]).toEqual([en.setUpApp, en.saveCodes, 10])
    expect(browser.jar.has(sso)).toBe(true)
    expect(notices).toMatchObject([{ kind: 'factorAdded', factor: 'totp' }])

    const next = await browser.follow(await browser.go('GET', `/consent?flow=${confirmed.fields['flow']}`))
    expect([titleOf(next), next.text.includes(en.codesLeft(10))]).toEqual([en.secondFactors, true])
    // A reload of the page with the codes leads on.
    const reloaded = await browser.follow(await confirmApp(begun))
    expect([titleOf(reloaded), codesIn(reloaded)]).toEqual([en.secondFactors, []])
    const written = JSON.stringify(logged()) + (await holder.dump(table))
    for (const each of [...codes, begun.fields['secret'] ?? '']) expect(written).not.toContain(each)
  })

  test('adds a passkey, gets the recovery codes, and goes on', async () => {
    const { browser, form, factorsOf, notices } = await setUp()
    const { json } = await browser.send(`${passkey}/options`, form)
    const credential = newPasskey().create(json['options'] as never)
    const added = await browser.send(passkey, { ...form, credential, name: 'Laptop' })

    expect([added.status, (added.json['recovery_codes'] as readonly string[]).length]).toEqual([200, 10])
    expect(await factorsOf()).toMatchObject({ passkeys: [{ name: 'Laptop' }] })
    expect(notices).toMatchObject([{ kind: 'factorAdded', factor: 'passkey' }])
    expect(titleOf(await browser.follow(await browser.go('GET', `/consent?flow=${form.flow}`)))).toBe(en.secondFactors)
    expect((await browser.send(passkey, { ...form, credential })).json).toEqual({
      location: `${enrol}?flow=${form.flow}&step=${form.step}`,
    })
  })

  // REQ-156
  test.each(['an app', 'a passkey'])('remembers the device of who asked to stay signed in, by %s', async (kind) => {
    const { browser, credentials, confirmApp } = await setUp()
    const { fields } = await browser.follow(await browser.go('GET', list))
    const { username = '', password } = credentials
    const kept = { ...fields, username, password, keep: 'on' }
    const { fields: form } = await browser.follow(await browser.go('POST', '/sign-in', kept))
    if (kind === 'an app') await confirmApp(await browser.go('POST', begin, form))
    else {
      const { json } = await browser.send(`${passkey}/options`, form)
      await browser.send(passkey, { ...form, credential: newPasskey().create(json['options'] as never) })
    }

    expect([browser.jar.has(sso), browser.jar.has(device)]).toEqual([true, true])
  })

  test('asks for a code by mail first where the account has an address', async () => {
    const { page, browser, form, factorsOf } = await setUp({
      ...{ canMail: true, account: { identifiers: ['a@example.com'], emailVerified: true } },
    })
    expect(titleOf(page)).toBe(en.secondFactor)
    expect(page.text).toContain(en.emailCode)
    // Neither the page nor its forms lead around the mail.
    const around = await browser.go('GET', `${enrol}?flow=${form.flow}&step=${form.step}`)
    expect(around.location).toBe(`/sign-in/factor?flow=${form.flow}&step=${form.step}`)
    expect((await browser.go('POST', begin, form)).location).toBe(around.location)
    expect((await browser.send(`${passkey}/options`, form)).json).toHaveProperty('location')
    expect(await factorsOf()).toMatchObject({ totp: undefined, passkeys: [] })

    const mailed = { ...page.fields, kind: 'email_code', code: '12345678' }
    expect(titleOf(await browser.follow(await browser.go('POST', '/sign-in/factor', mailed)))).toBe(en.mustEnrol)
  })

  test('shows the same QR code after a wrong code, and is over with the fifth', async () => {
    const { beginApp, confirmApp, factorsOf } = await setUp()
    const begun = await beginApp()
    for (let tries = 0; tries < 5; tries += 1) {
      const wrong = await confirmApp(begun, '000000')
      expect([wrong.status, wrong.fields]).toEqual([400, begun.fields])
    }
    const over = await confirmApp(begun)

    expect([over.status, over.text.includes('name="password"'), over.text.includes(en.stepOver)]).toEqual([
      ...[400, true, true],
    ])
    expect(await factorsOf()).toMatchObject({ totp: undefined })
  })

  test('is over after five minutes, and the page says so', async () => {
    const { beginApp, confirmApp, clock, browser } = await setUp()
    const begun = await beginApp()
    clock.advance(301)
    const late = await confirmApp(begun)

    expect([late.status, late.text.includes(en.stepOver)]).toEqual([400, true])
    expect(titleOf(await browser.signIn(late))).toBe(en.mustEnrol)
  })

  test('in two tabs sets up the app that was begun last', async () => {
    const { beginApp, confirmApp } = await setUp()
    const [first, second] = [await beginApp(), await beginApp()]
    const late = await confirmApp(first)

    expect([late.status, titleOf(late)]).toEqual([400, en.setUpOver])
    expect(titleOf(await confirmApp(second))).toBe(en.saveCodes)
  })

  test('of five submits at once is completed by one', async () => {
    const { beginApp, confirmApp, logged } = await setUp()
    const begun = await beginApp()
    const answers = await Promise.all(Array.from({ length: 5 }, () => confirmApp(begun)))

    expect(answers.filter((answer) => codesIn(answer).length > 0)).toHaveLength(1)
    expect(answers.filter(({ cookies }) => cookies.length > 0)).toHaveLength(1)
    expect(logged().filter(({ event }) => event === 'factor_enrol')).toHaveLength(1)
  })

  test('does not add a factor beside one that was added meanwhile', async () => {
    const { beginApp, confirmApp, holder, factorsOf, browser } = await setUp()
    const begun = await beginApp()
    await holder.enrolByLogIn()
    const late = await browser.follow(await confirmApp(begun))

    expect(titleOf(late)).toBe(en.secondFactor)
    expect(browser.jar.has(sso)).toBe(false)
    expect(await factorsOf()).toMatchObject({ version: 1 })
  })
})

// REQ-183
describe('the step of a sign-in', () => {
  test('is nothing in another flow, in another browser, at the JSON routes, or with a form of another site', async () => {
    const { browser, openBrowser, open, form, call, factorsOf, beginApp } = await setUp()
    const stranger = openBrowser()
    const theirs = await open(stranger)
    const mixed = { ...form, flow: theirs.fields['flow'] ?? '' }
    const query = (fields: typeof form) => `${enrol}?flow=${fields.flow}&step=${fields.step}`

    expect((await stranger.go('GET', query(form))).text).toContain(en.expired)
    expect((await stranger.go('GET', query(mixed))).text).toContain(en.stepOver)
    expect((await stranger.go('POST', begin, form)).text).toContain(en.expired)
    expect((await stranger.go('POST', begin, mixed)).text).toContain(en.stepOver)
    expect((await stranger.send(`${passkey}/options`, form)).json).toEqual({ location: '/sign-in' })
    expect((await stranger.send(`${passkey}/options`, mixed)).json).toHaveProperty('location')
    expect((await browser.go('POST', begin, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await browser.send(passkey, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const json = await call('POST /factors/totp', { auth_session: form.step })
    expect(json.json['error']).toBe('invalid_session')

    expect((await beginApp()).status).toBe(200)
    expect(await factorsOf()).toMatchObject({ totp: undefined, passkeys: [] })
  })

  test('of the JSON routes is nothing on the pages', async () => {
    const { browser, logIn, form } = await setUp()
    const step = String((await logIn()).json['auth_session'])

    expect((await browser.go('POST', begin, { ...form, step })).text).toContain(en.stepOver)
  })

  test('opens nothing but the enrolment: the list asks for a sign-in', async () => {
    const { browser } = await setUp()
    expect((await browser.go('GET', list)).location).toBe(`/sign-in?to=${list}`)
  })
})
