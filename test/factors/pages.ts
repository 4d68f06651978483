import { createAuthenticator } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import { createPagesOfFactors, type PagesOfFactors } from '../support/builders/factor-pages.ts'
import { origin } from '../support/builders/factor-service.ts'
import type { TestTable } from '../support/table.ts'

export const list = '/account/factors'

type Browser = ReturnType<PagesOfFactors['openBrowser']>
export type Page = Awaited<ReturnType<Browser['go']>>

/** A service, somebody who has an account there, and what they do in a browser. */
export async function setUpPages(table: TestTable, settings?: Parameters<typeof createPagesOfFactors>[1]) {
  const service = await createPagesOfFactors(table, settings)
  const holder = createHolder(service)
  const browser = service.openBrowser()
  /** Signs in with the password, on the way to the list. */
  const open = async (by = browser) => by.signIn(await by.follow(await by.go('GET', list)))
  const prove = async (asked: Page, kind: string, code: string, by = browser) =>
    by.follow(await by.go('POST', '/sign-in/factor', { ...asked.fields, kind, code }))
  return {
    ...service,
    ...{ holder, browser, open },
    /** Signs in with the password, then with a recovery code. */
    openByRecoveryCode: async (code: string, by = browser) => prove(await open(by), 'recovery_code', code, by),
    /** Sets an app up from the list. */
    setUpApp: async (page: Page, by = browser) => {
      const begun = await by.go('POST', `${list}/totp`, { account: page.fields['account'] ?? '' })
      const secret = begun.fields['secret'] ?? ''
      const confirmed = await by.go('POST', `${list}/totp/confirm`, { ...begun.fields, code: holder.codeOf(secret) })
      return { begun, secret, confirmed, codes: codesIn(confirmed) }
    },
    /** Proves the app where a page asks for it. */
    prove: (asked: Page, secret: string, by = browser) => prove(asked, 'totp', holder.codeOf(secret), by),
    /** Goes to the list and proves the app there. */
    stepUp: async (secret: string, by = browser) => {
      service.clock.advance(30)
      return prove(await by.follow(await by.go('GET', list)), 'totp', holder.codeOf(secret), by)
    },
    /** A passkey that was added by the JSON routes. */
    enrolPasskey: async (name?: string) => {
      const { answer, ...enrolled } = await holder.enrolPasskey(undefined, newPasskey(), name)
      return { ...enrolled, codes: answer.json['recovery_codes'] as readonly string[] }
    },
  }
}

export const newPasskey = () => createAuthenticator('ES256', { origin })

type Shown = { readonly text: string }

export const codesIn = ({ text }: Shown): readonly string[] =>
  [...text.matchAll(/<li>((?:[0-9A-Z]{5}-){4}[0-9A-Z]{5})<\/li>/g)].map(([, code = '']) => code)

export const titleOf = ({ text }: Shown) => /<h1>([^<]*)</.exec(text)?.[1]

export const formsIn = ({ text }: Shown) =>
  [...text.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, action]) => action)
