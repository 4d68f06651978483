/**
 * Signs in with a passkey: by the button, and where the browser offers passkeys in the field of the username. What it needs
 * stands in the button's data, and whether to keep the person signed in, in the box above it: a challenge is asked for again
 * when that changes. It talks to /sign-in/passkey only.
 */
export const passkeyScript = `
(() => {
  const button = document.getElementById('passkey')
  if (!button || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return
  const { flow, step } = button.dataset
  const keep = document.getElementById('keep')
  const problem = document.getElementById('passkey-problem')
  const post = async (more) => {
    const body = JSON.stringify({ flow, ...(step && { step }), ...more })
    const response = await fetch('/sign-in/passkey', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.json()
  }
  let pending
  const ask = async (mediation) => {
    pending?.abort()
    pending = new AbortController()
    const { signal } = pending
    const asked = await post(keep ? { keep: keep.checked } : {})
    if (asked.location) return location.assign(asked.location)
    if (signal.aborted) return
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options)
    const credential = await navigator.credentials.get({ publicKey, signal, ...(mediation && { mediation }) })
    const done = await post({ step: asked.step, credential: credential.toJSON() })
    if (done.location) return location.assign(done.location)
    fail()
  }
  const offer = () => {
    if (!step) PublicKeyCredential.isConditionalMediationAvailable?.().then((is) => is && ask('conditional')).catch(() => {})
  }
  const fail = () => {
    problem.hidden = false
    offer()
  }
  button.hidden = false
  button.addEventListener('click', () => {
    problem.hidden = true
    ask().catch((error) => error.name === 'AbortError' || fail())
  })
  if (step) button.focus()
  keep?.addEventListener('change', offer)
  offer()
})()
`
