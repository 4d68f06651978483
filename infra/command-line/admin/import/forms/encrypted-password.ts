import { type Form, isFilled, type Members, userOf } from './form.ts'

/** The table `auth.users` of Supabase, and the users of Devise without a pepper: bcrypt in `encrypted_password`. */
export const encryptedPassword: Form = {
  name: 'Supabase or Devise',
  recognises: ({ encrypted_password }) => encrypted_password !== undefined,
  toUser: ({ email, username, encrypted_password, id, banned_until, deleted_at, ...times }, { now }) =>
    userOf({
      username: isFilled(email) ? email : username,
      email,
      emailVerified: isConfirmed(times),
      passwordHash: encrypted_password,
      sub: id,
      disabledBy: {
        deleted_at: isFilled(deleted_at) || deleted_at,
        banned_until: isFilled(banned_until) ? isBanned(banned_until, now) : banned_until,
      },
    }),
}

// Supabase's `confirmed_at` is about a telephone too. Devise has no other.
const isConfirmed = (times: Members): boolean =>
  isFilled('email_confirmed_at' in times ? times['email_confirmed_at'] : times['confirmed_at'])

// What is not a date, such as Postgres' "infinity", has no end.
function isBanned(until: string, now: number): boolean {
  const end = Date.parse(until)
  return Number.isNaN(end) || end > now
}
