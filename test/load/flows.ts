import type { Answer, Client } from './client.ts'

export type User = { readonly username: string; readonly password: string; readonly sub: string }

const is = (status: number) => (answer: Answer) => answer.status === status

const tokensIn = ({ access_token, refresh_token }: Record<string, unknown>) => ({
  token: String(access_token),
  refresh: String(refresh_token),
})

export async function logIn(client: Client, { username, password }: User) {
  return tokensIn(await client.ask('log in', '/login', { json: { username, password } }, is(200)))
}

/** An authorized call; the answer must be about the one who asks. */
export async function callAuthorized(client: Client, { sub }: User, token: string): Promise<void> {
  const isTheirs = ({ status, body }: Answer) => status === 200 && JSON.parse(body).sub === sub
  await client.ask('GET /me', '/me', { token }, isTheirs)
}

const refreshWith = (refresh: string) => ({ form: { grant_type: 'refresh_token', refresh_token: refresh } })

/** From log-in to log-out: twenty authorized calls, a refresh before each fifth; then the refresh token is dead. */
export async function haveSession(client: Client, user: User): Promise<void> {
  let { token, refresh } = await logIn(client, user)
  for (let call = 0; call < 20; call += 1) {
    if (call % 5 === 4) {
      const presented = refresh
      const isNew = ({ status, body }: Answer) => status === 200 && JSON.parse(body).refresh_token !== presented
      const answer = await client.ask('refresh', '/token', refreshWith(presented), isNew)
      ;({ token, refresh } = tokensIn(answer))
    }
    await callAuthorized(client, user, token)
  }
  await client.ask('list sessions', '/sessions', { token }, is(200))
  await client.ask('log out', '/revoke', { form: { token: refresh } }, is(200))
  const isOver = ({ status, body }: Answer) => status === 400 && JSON.parse(body).error === 'invalid_grant'
  await client.ask('refresh after log-out', '/token', refreshWith(refresh), isOver)
}
