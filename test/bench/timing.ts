import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { httpEvent } from '../support/builders/events.ts'
import { hashes } from '../support/builders/imported-hashes.ts'
import { createUsers } from '../support/builders/users.ts'
import { connect, type LocalAccount } from './login.ts'
import { interleave, quietly, time } from './measure.ts'

const [, imported = ''] = hashes.find(([maker]) => maker.startsWith('Werkzeug 3') && maker.endsWith('scrypt')) ?? []

async function putUsers(env: LocalAccount['env']): Promise<void> {
  const own = await createPasswordHasher().hash(readPassword('correct horse battery staple') as Password)
  const { putNewUser } = createUsers(createStores(connect({ env }), 'latchkey'))
  for (const [username, passwordHash] of Object.entries({ known: own, 'known-too': own, imported })) {
    await putNewUser({ sub: username, username, passwordHash, scope: [], disabled: false, createdAt: 1, epoch: 0 })
  }
}

/**
 * Milliseconds until a wrong password is refused, 200 of each, in turn: of two accounts with a hash of ours, which tells
 * how far chance goes, of a name that nobody has, and of an account that still has Werkzeug's default hash.
 */
export async function measureTiming(bundle: string, { env }: LocalAccount) {
  // Without the throttle, which would refuse the eleventh guess without a hash, whoever it is about.
  Object.assign(process.env, env, { ACCOUNT_FAILURES: '0', ADDRESS_FAILURES: '0' })
  await putUsers(env)
  const { handler } = await import(`${bundle}?timing`)
  return quietly(() => {
    const guess = (username: string) => () =>
      time(async () => {
        const event = httpEvent('POST /login', { body: JSON.stringify({ username, password: 'a guess' }) })
        const { statusCode } = await handler(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 })
        if (statusCode !== 400) throw new Error(`A guess was answered with ${statusCode}.`)
      })
    const contenders = {
      known: guess('known'),
      unknown: guess('nobody'),
      knownToo: guess('known-too'),
      imported: guess('imported'),
    }
    return interleave(contenders, 200)
  })
}

/**
 * Milliseconds until a recovery is answered, 200 of each, in turn: of two accounts, which tells how far chance goes, and of
 * a name that no account has.
 */
export async function measureRecoveries(bundle: string, { env }: LocalAccount) {
  const policy = { ISSUER: 'https://auth.example.com', SERVICE_NAME: 'Bench', MINIMUM_PASSWORD_LENGTH: '15' }
  Object.assign(process.env, env, policy, { ADDRESS_FAILURES: '0', MAIL_FUNCTION: 'mail' })
  const { handler } = await import(`${bundle}?timing`)
  return quietly(() => {
    const ask = (username: string) => () =>
      time(async () => {
        const event = httpEvent('POST /recover', { body: JSON.stringify({ username }) })
        const { statusCode } = await handler(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 })
        if (statusCode !== 202) throw new Error(`A recovery was answered with ${statusCode}.`)
      })
    return interleave({ known: ask('known'), unknown: ask('nobody'), knownToo: ask('known-too') }, 200)
  })
}
