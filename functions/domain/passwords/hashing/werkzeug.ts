import { pbkdf2Hash } from './pbkdf2.ts'
import { scryptHash } from './scrypt.ts'
import type { ReadHash } from './stored-hash.ts'

const werkzeugForm =
  /^(?:scrypt:(?<N>\d{1,8}):(?<r>\d{1,3}):(?<p>\d{1,3})|pbkdf2:(?<digest>sha256|sha512):(?<rounds>\d{1,8}))\$(?<salt>[\w.+/=-]{1,128})\$(?<key>(?:[0-9a-f]{2}){16,128})$/

/** `scrypt:32768:8:1$salt$hex` and `pbkdf2:sha256:600000$salt$hex`: werkzeug.security.generate_password_hash. */
export const readWerkzeugHash: ReadHash = (text) => {
  const { N, r, p, digest = '', rounds, salt = '', key = '' } = werkzeugForm.exec(text)?.groups ?? {}
  const [saltBytes, expected] = [Buffer.from(salt), Buffer.from(key, 'hex')]
  return N === undefined
    ? pbkdf2Hash({ digest, rounds: Number(rounds) }, saltBytes, expected)
    : scryptHash({ N: Number(N), r: Number(r), p: Number(p) }, saltBytes, expected)
}
