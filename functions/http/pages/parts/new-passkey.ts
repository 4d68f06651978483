import type { Texts } from '../texts/texts.ts'
import { type Markup, markup } from './html.ts'

type Target = {
  /** Where the script sends what the browser has made, and below it asks for the options. */
  readonly path: string
  /** What it sends besides. */
  readonly members: Readonly<Record<string, string>>
}

/** The form of a new passkey: hidden until the script finds that the browser can make one. */
export const newPasskeyForm = (texts: Texts, { path, members }: Target): Markup =>
  markup`<noscript><p>${texts.needsScript}</p></noscript>
<form id="new-passkey" data-path="${path}" data-members="${JSON.stringify(members)}" data-wrong="${texts.wrongPasskey}" data-there="${texts.passkeyThere}" data-name="${texts.badPasskeyName}" hidden>
<label for="passkey-name">${texts.passkeyName}</label>
<input id="passkey-name" autocomplete="off" maxlength="64" aria-describedby="passkey-problem">
<p role="alert" id="passkey-problem" hidden></p>
<button class="second">${texts.addPasskey}</button>
</form>`

/** Where the script puts the codes that come with a first passkey. */
export const newCodesPlace = (texts: Texts, next: Markup = markup``): Markup =>
  markup`<div id="new-codes" hidden>
<h2 tabindex="-1">${texts.saveCodes}</h2>
<p>${texts.saveCodesText}</p>
<ul class="codes"></ul>
${next}
</div>`

/**
 * Makes a passkey. Recovery codes that come with it take the place of the page: as text, never as markup. It talks to the
 * path that its form names only.
 */
export const newPasskeyScript = `
(() => {
  const form = document.getElementById('new-passkey')
  if (!form || !window.PublicKeyCredential?.parseCreationOptionsFromJSON) return
  const { path, members, wrong, there, name: badName } = form.dataset
  const field = document.getElementById('passkey-name')
  const problem = document.getElementById('passkey-problem')
  const post = async (to, more) => {
    const body = JSON.stringify({ ...JSON.parse(members), ...more })
    const response = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.json()
  }
  const say = (text) => {
    problem.textContent = text
    problem.hidden = text === ''
    field.setAttribute('aria-invalid', text !== '')
  }
  const show = (codes) => {
    const place = document.getElementById('new-codes')
    place.querySelector('ul').append(...codes.map((code) => {
      const item = document.createElement('li')
      item.textContent = code
      return item
    }))
    document.getElementById('page').remove()
    place.hidden = false
    place.querySelector('h2').focus()
  }
  const add = async () => {
    const asked = await post(path + '/options', {})
    if (asked.location) return location.assign(asked.location)
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options)
    const credential = await navigator.credentials.create({ publicKey })
    const name = field.value.trim()
    const done = await post(path, { credential: credential.toJSON(), ...(name && { name }) })
    if (done.recovery_codes) return show(done.recovery_codes)
    if (done.location) return location.assign(done.location)
    say(done.problem === 'name' ? badName : wrong)
  }
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    say('')
    add().catch((error) => say(error.name === 'InvalidStateError' ? there : wrong))
  })
})()
`
