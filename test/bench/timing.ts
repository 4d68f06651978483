import { createPasswordHasher } from '../../functions/domain/passwords/hashing/password-hasher.ts'
import { type Password, readPassword } from '../../functions/domain/passwords/password.ts'
import { createStores } from '../../functions/wiring/stores.ts'
import { httpEvent } from '../support/builders/events.ts'
import { hashes } from '../support/builders/imported-hashes.ts'
import { createUsers } from '../support/builders/users.ts'
import { connect, type LocalAccount } from './login.ts'
import { interleave, time } from './measure.ts'

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
  const write = process.stdout.write
  process.stdout.write = () => true
  try {
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
    return await interleave(contenders, 200)
  } finally {
    process.stdout.write = write
  }
}
