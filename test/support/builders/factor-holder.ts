import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { generateHOTP } from '@oslojs/otp'
import { Secret } from 'otpauth'
import { type Authenticator, createAuthenticator } from '../authenticator.ts'
import type { TestTable } from '../table.ts'
import { type FactorService, origin } from './factor-service.ts'

/** What the owner of an account does with its factors. */
export function createHolder({ call, logIn, clock }: FactorService) {
  /** What the app shows, so many steps from now. */
  const codeOf = (secret: string, steps = 0) =>
    generateHOTP(new Uint8Array(Secret.fromBase32(secret).buffer), BigInt(Math.floor(clock() / 30) + steps), 6)
  const token = async () => String((await logIn()).json['access_token'])

  /** Enrols an app; `token` is that of a log-in with it, which is fresh. */
  const enrolTotp = async (by?: string) => {
    const bearer = by ?? (await token())
    const { json } = await call('POST /factors/totp', undefined, bearer)
    const secret = String(json['secret'])
    const answer = await call('POST /factors/totp/confirm', { code: codeOf(secret) }, bearer)
    const codes = (answer.json['recovery_codes'] ?? []) as string[]
    const { json: begun } = await logIn()
    clock.advance(30)
    const proved = await call('POST /login', { auth_session: begun['auth_session'], totp: codeOf(secret) })
    return { secret, codes, answer, token: String(proved.json['access_token']) }
  }

  const signIn = async (passkey: Authenticator) => {
    const { json } = await call('POST /login/passkey', {})
    const credential = passkey.get(json['options'] as never)
    return call('POST /login/passkey', { auth_session: json['auth_session'], credential })
  }

  /** Enrols a passkey; `token` is that of a log-in with it. */
  const enrolPasskey = async (by?: string, passkey = createAuthenticator('ES256', { origin }), name?: string) => {
    const bearer = by ?? (await token())
    const { json } = await call('POST /factors/passkeys', undefined, bearer)
    const credential = passkey.create(json['options'] as never)
    const answer = await call('POST /factors/passkeys/confirm', { credential, ...(name && { name }) }, bearer)
    const fresh = by ?? String((await signIn(passkey)).json['access_token'])
    return { passkey, answer, id: String(answer.json['id']), token: fresh }
  }

  /** Enrols an app in a log-in that asks for it. */
  const enrolByLogIn = async () => {
    const { auth_session } = (await logIn()).json
    const { json } = await call('POST /factors/totp', { auth_session })
    const secret = String(json['secret'])
    const answer = await call('POST /factors/totp/confirm', { auth_session, code: codeOf(secret) })
    return { secret, answer, token: String(answer.json['access_token']) }
  }

  /** All that the table holds, as text. */
  const dump = async ({ client, name }: TestTable) => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: name }))
    return JSON.stringify(Items, (_, value) => (value instanceof Set ? [...value] : value))
  }
  return { codeOf, token, enrolTotp, enrolPasskey, enrolByLogIn, signIn, dump }
}
