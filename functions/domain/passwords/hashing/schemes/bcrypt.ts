import { type Bcrypt, bcryptHash } from '../primitives/bcrypt.ts'
import type { Scheme } from '../scheme.ts'

/** `$2b$`, `$2a$` and `$2y$`: bcrypt itself, Laravel, Supabase, Auth0, Flask-Bcrypt and many others. */
export const bcryptScheme = (bcrypt: Bcrypt): Scheme => ({
  name: 'bcrypt',
  form: /^\$2[aby]\$/,
  read: (text) => bcryptHash(bcrypt, text),
})
