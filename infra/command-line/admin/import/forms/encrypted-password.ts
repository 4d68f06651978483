import { type Form, isFilled, userOf } from './form.ts'

/** The table `auth.users` of Supabase, and the users of Devise without a pepper: bcrypt in `encrypted_password`. */
export const encryptedPassword: Form = {
  name: 'Supabase or Devise',
  recognises: ({ encrypted_password }) => encrypted_password !== undefined,
  toUser: ({ email, username, encrypted_password, id, banned_until, deleted_at }, { now }) =>
    userOf({
      username: isFilled(email) ? email : username,
      passwordHash: encrypted_password,
      sub: id,
      disabledBy: {
        deleted_at: isFilled(deleted_at) || deleted_at,
        banned_until: isFilled(banned_until) ? isBanned(banned_until, now) : banned_until,
      },
    }),
}

// What is not a date, such as Postgres' "infinity", has no end.
function isBanned(until: string, now: number): boolean {
  const end = Date.parse(until)
  return Number.isNaN(end) || end > now
}
