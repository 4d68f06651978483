import { afterAll, describe, expect, test } from '@jest/globals'
import { en } from '../../functions/http/pages/texts/en.ts'
import { openTable } from '../support/table.ts'
import { codesIn, formsIn, list, setUpPages, titleOf } from './pages.ts'

const table = await openTable()
afterAll(table.close)

const setUp = (settings?: Parameters<typeof setUpPages>[1]) => setUpPages(table, settings)
const qrIn = ({ text }: { readonly text: string }) => /<svg.*<\/svg>/.exec(text)?.[0]

// REQ-175, REQ-185
describe('the page of second factors', () => {
  test('leads through the sign-in, says that there is none, and lists what there is', async () => {
    const service = await setUp()
    const page = await service.open()
    expect([page.status, titleOf(page)]).toEqual([200, en.secondFactors])
    expect(formsIn(page)).toEqual([`${list}/totp`])

    const { secret } = await service.setUpApp(page)
    const shown = await service.stepUp(secret)
    expect([shown.status, titleOf(shown)]).toEqual([200, en.secondFactors])
    expect(formsIn(shown)).toEqual([`${list}/totp`, `${list}/totp/remove`, `${list}/recovery-codes`])
    expect(shown.text).toContain(en.codesLeft(10))
    expect(shown.headers['cross-origin-opener-policy']).toBe('same-origin')
  })

  test('asks for a fresh log-in, and never leads in a circle', async () => {
    const { browser, clock, open } = await setUp()
    await open()
    clock.advance(601)
    const old = await browser.go('GET', list)
    expect([old.status, old.location]).toEqual([303, `/sign-in?to=${list}`])

    const asked = await browser.follow(old)
    expect(asked.text).toContain('name="password"')
    expect(titleOf(await browser.signIn(asked))).toBe(en.secondFactors)
    clock.advance(600)
    expect((await browser.go('GET', list)).status).toBe(200)
  })

  test('asks for a factor where there is one, and for the password too once that is too long ago', async () => {
    const { browser, clock, open, setUpApp, prove } = await setUp()
    const { secret } = await setUpApp(await open())
    clock.advance(590)
    const asked = await browser.follow(await browser.go('GET', list))
    expect(titleOf(asked)).toBe(en.secondFactor)

    // The password was fresh when the factor was asked for, and is not any more.
    clock.advance(20)
    const late = await prove(asked, secret)
    expect(late.text).toContain('name="password"')
    const again = await browser.signIn(late)
    clock.advance(30)
    expect(titleOf(await prove(again, secret))).toBe(en.secondFactors)
  })

  test('shows names of passkeys as text, whatever they are', async () => {
    const service = await setUp()
    const name = '</bdi><script>alert(1)</script>"\'&\u202e'
    const { codes } = await service.enrolPasskey(name)

    const page = await service.openByRecoveryCode(codes[0] ?? '')
    expect(page.text).toContain('<bdi>&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u202e</bdi>')
    expect(page.text).not.toContain('<script>alert')
  })
})

// REQ-170, REQ-175
describe('an authenticator app', () => {
  test('is set up by a QR code or a key, and the first factor shows the recovery codes once', async () => {
    const service = await setUp()
    const { browser, holder, setUpApp, open } = service
    const page = await open()
    const { begun, secret, confirmed, codes } = await setUpApp(page)
    expect([begun.status, titleOf(begun)]).toEqual([200, en.setUpApp])
    expect(begun.text).toContain(secret.replace(/.{4}(?=.)/g, '$& '))
    expect(begun.headers['content-security-policy']).toContain("form-action 'self'")
    expect([titleOf(confirmed), codes.length]).toEqual([en.saveCodes, 10])

    // A reload sends the form again.
    const form = { ...begun.fields, code: holder.codeOf(secret) }
    const again = await browser.follow(await browser.go('POST', `${list}/totp/confirm`, form))
    expect([titleOf(again), codesIn(again)]).toEqual([en.secondFactor, []])
    expect(service.notices).toHaveLength(1)
    // They are kept nowhere, and nothing of them is written down.
    const written = JSON.stringify(service.logged()) + (await holder.dump(table))
    for (const each of [...codes, secret]) expect(written).not.toContain(each)
  })

  test('has the same QR code after a wrong code, and is set up with it', async () => {
    const { browser, holder, open } = await setUp()
    const page = await open()
    const begun = await browser.go('POST', `${list}/totp`, { account: page.fields['account'] ?? '' })
    const wrong = await browser.go('POST', `${list}/totp/confirm`, { ...begun.fields, code: '000000' })

    expect([wrong.status, titleOf(wrong), wrong.fields]).toEqual([400, en.setUpApp, begun.fields])
    expect(qrIn(wrong)).toBe(qrIn(begun))
    expect(wrong.text).toContain(en.wrongAppCode)
    expect(wrong.text).toMatch(/aria-describedby="problem" aria-invalid="true"/)
    const code = holder.codeOf(begun.fields['secret'] ?? '')
    expect(titleOf(await browser.go('POST', `${list}/totp/confirm`, { ...wrong.fields, code }))).toBe(en.saveCodes)
  })

  test('is set up in the tab that has begun last: the other one says what to do', async () => {
    const { browser, holder, open } = await setUp()
    const account = (await open()).fields['account'] ?? ''
    const first = await browser.go('POST', `${list}/totp`, { account })
    const second = await browser.go('POST', `${list}/totp`, { account })
    const confirm = (begun: typeof first) =>
      browser.go('POST', `${list}/totp/confirm`, {
        ...begun.fields,
        code: holder.codeOf(begun.fields['secret'] ?? ''),
      })

    const late = await confirm(first)
    expect([late.status, titleOf(late)]).toEqual([400, en.setUpOver])
    expect(late.text).not.toContain(second.fields['secret'])
    expect(titleOf(await confirm(second))).toBe(en.saveCodes)
  })

  test('is not set up by a page that is older than its enrolment', async () => {
    const { browser, clock, open, prove, holder } = await setUp()
    const { secret } = await holder.enrolTotp()
    clock.advance(30)
    const page = await prove(await open(), secret)
    const begun = await browser.go('POST', `${list}/totp`, { account: page.fields['account'] ?? '' })
    clock.advance(601)
    const code = holder.codeOf(begun.fields['secret'] ?? '')
    const old = await browser.go('POST', `${list}/totp/confirm`, { ...begun.fields, code })
    expect([old.status, old.location]).toEqual([303, `/sign-in?to=${list}`])
  })

  test('takes the place of another one, which the list says afterwards', async () => {
    const { browser, open, setUpApp, stepUp, logged } = await setUp()
    const { secret } = await setUpApp(await open())
    const replaced = await setUpApp(await stepUp(secret))

    expect([replaced.confirmed.status, replaced.confirmed.location]).toEqual([303, list])
    expect(titleOf(await browser.follow(replaced.confirmed))).toBe(en.secondFactors)
    expect(logged().filter(({ event }) => event === 'factor_enrol')).toHaveLength(2)
  })

  test('is removed after the page has asked, and a second press of the button does nothing', async () => {
    const { browser, open, setUpApp, stepUp, notices } = await setUp()
    const { secret } = await setUpApp(await open())
    const { fields } = await stepUp(secret)
    const removed = await browser.go('POST', `${list}/totp/remove`, fields)
    const again = await browser.go('POST', `${list}/totp/remove`, fields)

    expect([removed.location, again.location]).toEqual([list, list])
    expect(formsIn(await browser.follow(again))).toEqual([`${list}/totp`])
    expect(notices.map(({ kind }) => kind)).toEqual(['factorAdded', 'factorRemoved'])
  })

  test('stays where a factor is required and it is the last, with a text', async () => {
    const service = await setUp({ policy: 'required' })
    const { secret } = await service.holder.enrolByLogIn()
    service.clock.advance(30)
    const { fields } = await service.prove(await service.open(), secret)
    const refused = await service.browser.go('POST', `${list}/totp/remove`, fields)

    expect([refused.status, titleOf(refused)]).toEqual([400, en.secondFactors])
    expect(refused.text).toContain(`<p role="alert">${en.lastFactor}</p>`)
  })
})

// REQ-171
test('new recovery codes are shown once, and a reload leaves them alone', async () => {
  const { browser, open, setUpApp, stepUp, holder, notices } = await setUp()
  const { secret, codes: first } = await setUpApp(await open())
  const { fields } = await stepUp(secret)
  const renewed = await browser.go('POST', `${list}/recovery-codes`, fields)
  const codes = codesIn(renewed)
  expect([titleOf(renewed), codes.length]).toEqual([en.saveCodes, 10])
  expect(codes.filter((code) => first.includes(code))).toEqual([])

  const stored = await holder.dump(table)
  const again = await browser.go('POST', `${list}/recovery-codes`, fields)
  expect([again.status, titleOf(again), codesIn(again)]).toEqual([400, en.factorsChanged, []])
  expect(await holder.dump(table)).toBe(stored)
  expect(notices).toHaveLength(2)
})

test('of five submits at once one makes new recovery codes, and shows those that work', async () => {
  const { browser, open, setUpApp, stepUp, openBrowser, openByRecoveryCode } = await setUp()
  const { secret } = await setUpApp(await open())
  const { fields } = await stepUp(secret)
  const submit = () => browser.go('POST', `${list}/recovery-codes`, fields)
  const shown = (await Promise.all(Array.from({ length: 5 }, submit))).map(codesIn).filter(({ length }) => length > 0)

  expect(shown).toHaveLength(1)
  expect(titleOf(await openByRecoveryCode(shown[0]?.[0] ?? '', openBrowser()))).toBe(en.secondFactors)
})

test('a passkey is removed by its form, and only one’s own', async () => {
  const service = await setUp()
  const other = await setUp()
  const { id, codes } = await service.enrolPasskey()
  const { id: foreign } = await other.enrolPasskey()
  const { fields } = await service.openByRecoveryCode(codes[0] ?? '')
  const remove = (passkey: string) => service.browser.go('POST', `${list}/passkeys/remove`, { ...fields, id: passkey })

  expect((await remove(foreign)).location).toBe(list)
  expect((await remove(id)).location).toBe(list)
  expect(service.logged().slice(-2)).toMatchObject([
    { event: 'factor_fail', reason: 'unknown_factor' },
    { event: 'factor_remove', reason: 'passkey' },
  ])
  expect(await other.holder.dump(table)).toContain(foreign)
  expect((await other.factors.findCredentials(other.account.sub)).factors.passkeys).toHaveLength(1)
})

// REQ-183, REQ-186
describe('a form of the page of second factors', () => {
  const paths = ['totp', 'totp/confirm', 'totp/remove', 'passkeys/remove', 'recovery-codes'].map(
    (path) => `${list}/${path}`,
  )

  test.each(paths)('%s does nothing for a page of another site, another account, or nobody', async (path) => {
    const { browser, open, setUpApp, stepUp, holder, openBrowser } = await setUp()
    const { secret } = await setUpApp(await open())
    const { fields } = await stepUp(secret)
    const stored = await holder.dump(table)

    const foreign = await browser.go('POST', path, fields, { 'sec-fetch-site': 'cross-site' })
    const other = await browser.go('POST', path, { ...fields, account: 'somebody-else' })
    const nameless = await browser.go('POST', path, {})
    const nobody = await openBrowser().go('POST', path, fields)
    expect([foreign.status, titleOf(foreign)]).toEqual([403, en.crossSite])
    expect([other, nameless, nobody].map(({ status, location }) => [status, location])).toEqual([
      [303, list],
      [303, list],
      [303, `/sign-in?to=${list}`],
    ])
    expect(await holder.dump(table)).toBe(stored)
  })

  test.each(paths)('%s does nothing in a session that has proved no factor, or too long ago', async (path) => {
    const { browser, open, setUpApp, stepUp, holder, openBrowser, clock } = await setUp()
    const { secret } = await setUpApp(await open())
    const { fields } = await stepUp(secret)
    const byPassword = openBrowser()
    await open(byPassword)
    const steps = await holder.dump(table)
    const passwordOnly = await byPassword.go('POST', path, fields)
    clock.advance(600)
    const stale = await browser.go('POST', path, fields)

    expect([passwordOnly.location, stale.location]).toEqual([`/sign-in?to=${list}`, `/sign-in?to=${list}`])
    expect(await holder.dump(table)).toBe(steps)
  })
})
