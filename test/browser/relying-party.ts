import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { readCredential } from '../../functions/domain/factors/credential.ts'
import {
  creationOptions,
  newChallenge,
  newUserHandle,
  requestOptions,
} from '../../functions/domain/factors/passkey-options.ts'
import { type Passkey, verifyAssertion, verifyRegistration } from '../../functions/domain/factors/passkeys.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/factors.md'), 'utf8')
const block = (language: string) => page.match(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's'))?.[1] ?? ''

/** The page and the module of the documentation, and behind them one account, with passkeys of one algorithm. */
export async function openRelyingParty(algorithm: number) {
  const passkeys: Passkey[] = []
  const results: unknown[] = []
  let challengeHash = ''
  const userHandle = newUserHandle('ada', randomBytes)
  const renew = () => {
    const made = newChallenge(randomBytes)
    challengeHash = made.challengeHash
    return made.challenge
  }
  const expected = () => ({ challengeHash, rpId: 'localhost', origins: [url()] })

  const routes: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => unknown>> = {
    '/factors/passkeys': () => {
      const account = { rpId: 'localhost', rpName: 'Example', userHandle, userName: 'ada', displayName: 'Ada' }
      const options = creationOptions({ ...account, exclude: passkeys, challenge: renew() })
      return {
        options: { ...options, pubKeyCredParams: options.pubKeyCredParams.filter(({ alg }) => alg === algorithm) },
      }
    },
    '/factors/passkeys/confirm': async ({ credential, name }) => {
      const read = readCredential(credential)
      const result = read.ok ? await verifyRegistration({ credential: read.value, ...expected() }) : read
      results.push(result)
      if (!result.ok) return { error: 'invalid_grant' }
      passkeys.push({ ...result.value, userHandle, name: String(name), createdAt: 0, lastUsedAt: 0 })
      return { id: result.value.id }
    },
    '/login/passkey': async ({ auth_session, credential }) => {
      if (auth_session === undefined) {
        return { auth_session: 'one', options: requestOptions({ rpId: 'localhost', challenge: renew() }) }
      }
      const read = readCredential(credential)
      const passkey = passkeys.find(({ id }) => read.ok && id === read.value.id)
      const result =
        read.ok && passkey
          ? await verifyAssertion({ credential: read.value, passkey, isDiscovered: true, ...expected() })
          : { ok: false }
      results.push(result)
      return result.ok ? { access_token: 'of ada' } : { error: 'invalid_grant' }
    },
  }

  const answer = async (request: IncomingMessage): Promise<readonly [type: string, body: string]> => {
    if (request.url === '/') return ['text/html', block('html')]
    if (request.url === '/passkeys.js') return ['text/javascript', block('js').replace('http://localhost:3000', '')]
    const body = await routes[request.url ?? '']?.((await json(request)) as Readonly<Record<string, unknown>>)
    return ['application/json', JSON.stringify(body ?? {})]
  }
  const server = createServer(async (request, response) => {
    const [type, body] = request.url === '/favicon.ico' ? ['text/plain', ''] : await answer(request)
    response.writeHead(body.includes('"error"') ? 400 : 200, { 'Content-Type': type }).end(body)
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const url = () => `http://localhost:${(server.address() as AddressInfo).port}`

  return {
    url: url(),
    passkeys: passkeys as readonly Passkey[],
    results: results as readonly unknown[],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
