import { auth0 } from './auth0.ts'
import { encryptedPassword } from './encrypted-password.ts'
import { firebase } from './firebase.ts'
import { type Form, type FormSettings, isFilled, isMembers, type Reading } from './form.ts'
import { keycloak } from './keycloak.ts'
import { cognito, flaskSecurity } from './unimportable.ts'

/** Latchkey's own form, which is sent as it is: the admin function names a member that it does not know. */
const latchkey: Form = {
  name: 'Latchkey',
  recognises: () => true,
  toUser: (user) => ({ user, ...(isFilled(user['username']) && { username: user['username'] }) }),
}

/** The first that recognises a line reads it. */
const forms: readonly Form[] = [cognito, flaskSecurity, firebase, keycloak, auth0, encryptedPassword, latchkey]

/** Reads one line of a file, whatever its form: one file may mix them. */
export function readForm(value: unknown, settings: FormSettings): Reading {
  if (!isMembers(value)) return { user: value }
  const form = forms.find(({ recognises }) => recognises(value)) ?? latchkey
  return form.toUser(value, settings)
}
