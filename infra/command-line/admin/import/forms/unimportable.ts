import { type Form, isFilled } from './form.ts'

/** Cognito gives out no hashes. A user without one would only keep `migration` from asking Cognito. */
export const cognito: Form = {
  name: 'Cognito',
  recognises: ({ Username, Attributes }) => typeof Username === 'string' && Array.isArray(Attributes),
  toUser: ({ Username }) => ({
    ...(isFilled(Username) && { username: Username }),
    wrong:
      'Cognito gives out no password hashes, so there is nothing to import: the setting `migration` asks Cognito at the first log-in of each user.',
  }),
}

/** Flask-Security signs a password with a key before it hashes it, so that no hash of it can be verified here. */
export const flaskSecurity: Form = {
  name: 'Flask-Security',
  recognises: ({ fs_uniquifier }) => fs_uniquifier !== undefined,
  toUser: ({ username, email }) => ({
    ...(isFilled(email) ? { username: email } : isFilled(username) && { username }),
    wrong:
      'fs_uniquifier is of Flask-Security, which mixes a secret key into passwords: the setting `migration` asks the old app instead. If it ran with SECURITY_PASSWORD_SINGLE_HASH, remove the member, or rename it to sub.',
  }),
}
