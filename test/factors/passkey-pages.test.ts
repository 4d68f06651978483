import { afterAll, describe, expect, test } from '@jest/globals'
import { en } from '../../functions/http/pages/texts/en.ts'
import { openTable } from '../support/table.ts'
import { list, newPasskey, setUpPages, titleOf } from './pages.ts'

const table = await openTable()
afterAll(table.close)

const add = '/account/passkeys'
const options = `${add}/options`

/** Somebody on the list who has just signed in, and what the script of the page does there. */
async function setUp() {
  const service = await setUpPages(table)
  const page = await service.open()
  const account = page.fields['account'] ?? ''
  const create = async (passkey = newPasskey()) => {
    const { json } = await service.browser.send(options, { account })
    return { account, credential: passkey.create(json['options'] as never) }
  }
  return { ...service, page, account, create }
}

// REQ-173, REQ-175
describe('the script of the page of second factors', () => {
  test('adds a first passkey, and gets the recovery codes that come with it', async () => {
    const { browser, create, factors, account, notices, logged, openByRecoveryCode } = await setUp()
    const passkey = newPasskey()
    const { status, json } = await browser.send(add, { ...(await create(passkey)), name: 'Laptop' })
    const codes = json['recovery_codes'] as readonly string[]

    expect([status, Object.keys(json), codes.length]).toEqual([200, ['recovery_codes'], 10])
    expect(await factors.findCredentials(account)).toMatchObject({ factors: { passkeys: [{ name: 'Laptop' }] } })
    expect(notices).toMatchObject([{ kind: 'factorAdded', factor: 'passkey' }])
    expect(JSON.stringify(logged())).not.toContain(codes[0])
    expect((await openByRecoveryCode(codes[0] ?? '')).text).toContain('<bdi>Laptop</bdi>')
  })

  test('adds another one, and goes back to the list', async () => {
    const { browser, create, openByRecoveryCode, factors, account } = await setUp()
    const { json } = await browser.send(add, await create())
    await openByRecoveryCode((json['recovery_codes'] as readonly string[])[0] ?? '')

    expect(await browser.send(add, { ...(await create()), name: ' Phone ' })).toEqual({
      ...{ status: 200, json: { location: list } },
    })
    const { passkeys } = (await factors.findCredentials(account)).factors
    expect(passkeys.map(({ name }) => name).sort()).toEqual(['Passkey', 'Phone'])
  })

  test.each([
    ['a name of two lines', { name: 'a\nb' }, { problem: 'name' }],
    ['a name that is too long', { name: 'x'.repeat(65) }, { problem: 'name' }],
    ['no credential', { credential: undefined }, { error: 'invalid_request' }],
    ['the credential of another challenge', {}, { error: 'invalid_grant' }],
  ])('is told of %s, and nothing is added', async (_, members, error) => {
    const { browser, create, factors, account } = await setUp()
    const made = await create()
    if (Object.keys(members).length === 0) await browser.send(options, { account })

    expect(await browser.send(add, { ...made, ...members })).toMatchObject({ status: 400, json: error })
    expect((await factors.findCredentials(account)).factors.passkeys).toEqual([])
  })

  test('may send a passkey again with another name', async () => {
    const { browser, create } = await setUp()
    const made = await create()
    await browser.send(add, { ...made, name: '\u0000' })

    expect((await browser.send(add, { ...made, name: 'Key' })).status).toBe(200)
  })
})

// REQ-183, REQ-186
describe.each([options, add])('%s', (path) => {
  test('does nothing for a page of another site, another account, or nobody', async () => {
    const { browser, create, openBrowser, holder } = await setUp()
    const made = await create()
    const stored = await holder.dump(table)

    const foreign = await browser.send(path, made, { 'sec-fetch-site': 'cross-site' })
    const form = await browser.send(path, made, { 'content-type': 'text/plain' })
    const other = await browser.send(path, { ...made, account: 'somebody-else' })
    const nobody = await openBrowser().send(path, made)
    expect([foreign.status, form.status]).toEqual([403, 415])
    expect([other, nobody]).toEqual([
      { status: 200, json: { location: list } },
      { status: 200, json: { location: `/sign-in?to=${list}` } },
    ])
    expect(await holder.dump(table)).toBe(stored)
  })

  test('does nothing after a log-in that is not fresh, or by the password alone where there is a factor', async () => {
    const { browser, create, enrolPasskey, holder, clock } = await setUp()
    const signIn = { status: 200, json: { location: `/sign-in?to=${list}` } }
    const made = await create()
    await enrolPasskey()
    const stored = await holder.dump(table)
    expect(await browser.send(path, made)).toEqual(signIn)

    clock.advance(601)
    expect(await browser.send(path, made)).toEqual(signIn)
    expect(await holder.dump(table)).toBe(stored)
  })
})

test('the page says what to do without a script, and its script is the one of its policy', async () => {
  const { page } = await setUp()
  expect(titleOf(page)).toBe(en.secondFactors)
  expect(page.text).toContain(`<noscript><p>${en.needsScript}</p></noscript>`)
  expect(page.text).toMatch(/<form id="new-passkey"[^>]* hidden>/)
  expect(page.text).not.toMatch(/ (style|on\w+)="/)
  expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-[^']+'; connect-src 'self'/)
})
