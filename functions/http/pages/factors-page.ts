import { maxPasskeys } from '../../domain/sign-in/enrolment/enrol.ts'
import type { Holder } from '../../domain/sign-in/enrolment/find-holder.ts'
import type { FactorView } from '../api/factor-view.ts'
import type { ApiResponse, Audit } from '../api/response.ts'
import { accountField, type OwnPageContext, ownPage } from './own-page.ts'
import { type Markup, markup } from './parts/html.ts'
import { newCodesPlace, newPasskeyForm, newPasskeyScript } from './parts/new-passkey.ts'
import type { Texts } from './texts/texts.ts'

type Shown = {
  readonly holder: Pick<Holder, 'account' | 'factors'>
  readonly factors: readonly FactorView[]
  readonly problem?: string | undefined
}

type Given = { readonly status?: number; readonly audit: Audit }

/** The page of someone's second factors: what there is, and what can be added and removed. */
export function factorsPage(context: OwnPageContext, { holder, factors, problem }: Shown, given: Given): ApiResponse {
  const { texts } = context
  const account = accountField(holder)
  const app = factors.find((factor) => factor.type === 'totp')
  const passkeys = factors.filter((factor) => factor.type === 'passkey')
  const codes = factors.find((factor) => factor.type === 'recovery_codes')
  const body = markup`<div id="page">
<p>${texts.secondFactorsText}</p>
${problem === undefined ? '' : markup`<p role="alert">${problem}</p>`}
<h2>${texts.app}</h2>
${app ? markup`<p>${texts.addedOn(dateIn(texts, app.created_at))}</p>` : ''}
<form method="post" action="/account/factors/totp">${account}<button class="second">${app ? texts.replaceApp : texts.setUpApp}</button></form>
${app ? removal(texts, markup`${account}<button>${texts.removeApp}</button>`, '/account/factors/totp/remove', texts.app) : ''}
<h2>${texts.passkeys}</h2>
${passkeys.length === 0 ? markup`<p>${texts.noneYet}</p>` : markup`<ul class="plain">${passkeys.map((passkey) => passkeyItem(texts, passkey, account))}</ul>`}
${passkeys.length < maxPasskeys ? newPasskeyForm(texts, { path: '/account/passkeys', members: { account: holder.account.sub } }) : markup`<p>${texts.tooManyPasskeys}</p>`}
${codes ? recoveryCodes(texts, codes.left, markup`${account}<input type="hidden" name="version" value="${holder.factors.version}">`) : ''}
</div>
${newCodesPlace(texts)}`
  return ownPage(context, { title: texts.secondFactors, body, script: newPasskeyScript }, given)
}

type PasskeyView = Extract<FactorView, { readonly type: 'passkey' }>

const passkeyItem = (texts: Texts, { id, name, created_at, last_used_at }: PasskeyView, account: Markup): Markup =>
  markup`<li><strong><bdi>${name}</bdi></strong>
<p class="soft">${texts.addedOn(dateIn(texts, created_at))} ${texts.lastUsedOn(dateIn(texts, last_used_at))}</p>
${removal(texts, markup`${account}<input type="hidden" name="id" value="${id}"><button>${texts.removePasskey}</button>`, '/account/factors/passkeys/remove', name)}</li>`

/** Asks first, without a script. */
const removal = (texts: Texts, fields: Markup, action: string, what: string): Markup =>
  markup`<details><summary>${texts.removeFactor}<span class="unseen">: <bdi>${what}</bdi></span></summary>
<p>${texts.removeText}</p>
<form method="post" action="${action}">${fields}</form></details>`

const recoveryCodes = (texts: Texts, left: number, fields: Markup): Markup =>
  markup`<h2>${texts.recoveryCodes}</h2>
<p>${texts.codesLeft(left)}</p>
<details><summary>${texts.newCodes}</summary>
<p>${texts.newCodesText}</p>
<form method="post" action="/account/factors/recovery-codes">${fields}<button>${texts.newCodes}</button></form></details>`

// Days are those of UTC: nobody has said where they are.
const dateIn = ({ language }: Texts, time: number): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(time * 1000)
