import type { Bcrypt } from '../domain/passwords/hashing/primitives/bcrypt.ts'

/** bcrypt in plain JavaScript, loaded with the first imported bcrypt hash rather than at start. */
export const bcrypt: Bcrypt = async (password, setting) => {
  const { hash } = await import('bcryptjs')
  return hash(password, setting)
}
