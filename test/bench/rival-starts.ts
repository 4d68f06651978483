import { scryptSync } from 'node:crypto'
import { join } from 'node:path'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { httpEvent } from '../support/builders/events.ts'
import { authorizerEnv, event } from './authorizer.ts'
import { type Comparison, rowsOf } from './comparison.ts'
import { connect, type LocalAccount, password } from './login.ts'
import { measureRounds, startUp } from './measure.ts'
import { names, type Rounds, rowsBesideOurs } from './rival-bundles.ts'

type FirstCall = { readonly event: object; readonly isRight: string }
type Start = { readonly load: number; readonly call: number }

/**
 * Milliseconds to load a bundle in a fresh process, and those of its first call; `isRight` judges its `answer`. Node's own
 * module loader has run before, as in a function, and the clock stops before anything is written.
 */
export async function timeStart(
  file: string,
  env: Readonly<Record<string, string>>,
  first?: FirstCall,
): Promise<Start> {
  const call = `
    const answer = await handler(${JSON.stringify(first?.event)}, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 })
    const answered = process.hrtime.bigint()
    if (!(${first?.isRight})) throw new Error(JSON.stringify(answer))`
  const script = `
    await import('data:text/javascript,')
    const start = process.hrtime.bigint()
    const { handler } = await import(${JSON.stringify(file)})
    const loaded = process.hrtime.bigint()
    ${first ? call : 'const answered = loaded'}
    const took = [loaded - start, answered - loaded].map((nanoseconds) => Number(nanoseconds) / 1e6)
    process.stderr.write('took:' + took + ';ready')`
  const { heard } = await startUp(script, env)
  const [load = Number.NaN, answered = Number.NaN] = /took:(.+);/.exec(heard)?.[1]?.split(',').map(Number) ?? []
  return { load, call: answered }
}

export const firstCall: FirstCall = { event, isRight: 'answer.isAuthorized' }

/** Milliseconds to load a bundle, in a fresh process. */
export async function compareLoads(outdir: string, account: LocalAccount): Promise<Comparison> {
  const env = { ...account.env, ...authorizerEnv }
  const load = (name: string) => async () => (await timeStart(join(outdir, name, 'index.mjs'), env)).load
  const loaded: Rounds = await measureRounds(
    Object.fromEntries(Object.keys(names).map((name) => [name, load(name)])),
    15,
  )
  return {
    title: 'Loading, in a fresh process',
    says: `Authorizers beside our authorizer, log-ins beside our log-in. Ours check a token and open
their connections at load, so that the first caller does not wait.`,
    rows: rowsBesideOurs(loaded),
  }
}

/** Milliseconds of the first call of an authorizer, in a fresh process. */
export async function compareFirstCalls(outdir: string): Promise<Comparison> {
  const call = (name: string) => async () =>
    (await timeStart(join(outdir, name, 'index.mjs'), authorizerEnv, firstCall)).call
  const authorizers = Object.keys(names).filter((name) => name.includes('authorizer'))
  const measured: Rounds = await measureRounds(Object.fromEntries(authorizers.map((name) => [name, call(name)])), 15)
  return {
    title: 'First call of an authorizer',
    says: 'After load, here with a whole CPU; a Lambda of 128 MB has a fourteenth of one.',
    rows: rowsBesideOurs(measured),
  }
}

/** Milliseconds of the first log-in in a fresh process, its hash included. */
export async function compareFirstLogIns(outdir: string, account: LocalAccount): Promise<Comparison> {
  const salt = 'a salt of the usual log-in'
  const Item = { pk: 'USER#usual', sk: 'USER', salt, hash: scryptSync(password, salt, 64) }
  await connect(account).send(new PutCommand({ TableName: 'latchkey', Item }))
  const call = (name: string, username: string) => async () => {
    const logIn = httpEvent('POST /login', { body: JSON.stringify({ username, password }) })
    const first = { event: logIn, isRight: 'answer.statusCode === 200' }
    return (await timeStart(join(outdir, name, 'index.mjs'), account.env, first)).call
  }
  const contenders = { login: call('login', 'user-0'), 'usual-login': call('usual-login', 'usual') }
  const measured: Rounds = await measureRounds(contenders, 15)
  const rows = Object.entries(measured).map(([name, values]) => [names[name] ?? name, values])
  return {
    title: 'First log-in after load',
    says: `With its hash, against the same local DynamoDB and KMS. The usual one makes two calls, counts no guesses, keeps no session and hashes
by Node's default scrypt (N=2^14 r=8 p=1, below OWASP’s floor); ours makes ten. OpenAuth and better-auth keep all in memory here, so their first log-in would not compare.`,
    rows: rowsOf(Object.fromEntries(rows), 'our log-in', (name) => name.startsWith('our ')),
  }
}
