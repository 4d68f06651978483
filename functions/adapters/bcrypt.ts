import type { Bcrypt } from '../domain/passwords/hashing/bcrypt.ts'

/** bcrypt in plain JavaScript, evaluated when the first imported hash of its kind is met, and not at load. */
export const bcrypt: Bcrypt = async (password, setting) => {
  const { hash } = await import('bcryptjs')
  return hash(password, setting)
}
