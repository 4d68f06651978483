import { type Form, isFilled, isMembers, textOf, userOf } from './form.ts'

/**
 * The export of password hashes that Auth0's support gives (`_id`, `passwordHash`: bcrypt), or a user export without them
 * (`user_id`). The `sub` of Auth0's tokens is `auth0|` and the id.
 */
export const auth0: Form = {
  name: 'Auth0',
  recognises: ({ _id, user_id, passwordHash }) =>
    typeof user_id === 'string' || (_id !== undefined && passwordHash !== undefined),
  toUser: ({ _id, user_id, email, email_verified, username, passwordHash, blocked }) => {
    const id = textOf(isMembers(_id) ? _id['$oid'] : _id)
    const sub = user_id ?? (id === undefined ? _id : `auth0|${id}`)
    const address = { email, emailVerified: email_verified === true }
    const name = isFilled(email) ? email : username
    return userOf({ username: name, ...address, passwordHash, sub, disabledBy: { blocked } })
  },
}
