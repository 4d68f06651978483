import { pbkdf2Hash } from './pbkdf2.ts'
import { readPhcHash } from './phc.ts'
import type { ReadHash } from './stored-hash.ts'

const djangoForm = /^pbkdf2_sha256\$(?<rounds>\d{1,8})\$(?<salt>[\w.+/=-]{1,128})\$(?<key>[A-Za-z0-9+/]{22,172}={0,2})$/

/** `pbkdf2_sha256$260000$salt$base64` and `argon2$` before a PHC string: django.contrib.auth.hashers. */
export const readDjangoHash: ReadHash = (text) => {
  if (text.startsWith('argon2$argon2')) return readPhcHash(text.slice('argon2'.length))
  const { rounds, salt = '', key = '' } = djangoForm.exec(text)?.groups ?? {}
  return pbkdf2Hash({ digest: 'sha256', rounds: Number(rounds) }, Buffer.from(salt), Buffer.from(key, 'base64'))
}
