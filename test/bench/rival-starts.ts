import { scryptSync } from 'node:crypto'
import { join } from 'node:path'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { httpEvent } from '../support/builders/events.ts'
import { authorizerEnv, event } from './authorizer.ts'
import { type Comparison, rowsOf } from './comparison.ts'
import { connect, type LocalAccount, password } from './login.ts'
import { measureRounds, startUp } from './measure.ts'
import { names, type Rounds, rowsBesideOurs } from './rival-bundles.ts'

/** Milliseconds to load a bundle in a fresh process, over one that loads nothing. */
export async function compareLoads(outdir: string, account: LocalAccount): Promise<Comparison> {
  const load = (name: string) => async () => {
    const script = `await import(${JSON.stringify(join(outdir, name, 'index.mjs'))}); process.stderr.write('ready')`
    return (await startUp(script, { ...account.env, ...authorizerEnv })).elapsed
  }
  const contenders: Readonly<Record<string, () => Promise<number>>> = Object.fromEntries(
    Object.keys(names).map((name) => [name, load(name)]),
  )
  const empty = async () => (await startUp(`process.stderr.write('ready')`, {})).elapsed
  const { empty: nothing = [], ...loaded }: Rounds = await measureRounds({ empty, ...contenders }, 15)
  const over = Object.entries(loaded).map(([name, values]) => [
    name,
    values.map((value, round) => value - (nothing[round] ?? Number.NaN)),
  ])
  return {
    title: 'Loading, in a fresh process',
    says: `Over a process that loads nothing; authorizers beside our authorizer, log-ins beside our log-in. Ours check a token and open
their connections at load, so that the first caller does not wait.`,
    rows: rowsBesideOurs(Object.fromEntries(over)),
  }
}

/** Milliseconds until a fresh process has loaded a bundle, and called it where there is an event; without one, nothing. */
export async function loadAndCall(
  file: string | undefined,
  env: Readonly<Record<string, string>>,
  call?: object,
): Promise<number> {
  const load = file === undefined ? '' : `const { handler } = await import(${JSON.stringify(file)})`
  const script = `${load}; ${call ? `await handler(${JSON.stringify(call)})` : ''}; process.stderr.write('ready')`
  return (await startUp(script, env)).elapsed
}

type FirstCall = { readonly event: object; readonly isRight: string; readonly env: LocalAccount['env'] }

/** Milliseconds of the first call of a bundle in a fresh process; `isRight` judges its `answer`. */
async function timeFirstCall(file: string, { event, isRight, env }: FirstCall): Promise<number> {
  const script = `
    const { handler } = await import(${JSON.stringify(file)})
    const event = ${JSON.stringify(event)}
    const start = process.hrtime.bigint()
    const answer = await handler(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 })
    if (!(${isRight})) throw new Error(JSON.stringify(answer))
    process.stderr.write('first:' + Number(process.hrtime.bigint() - start) / 1e6 + ';ready')`
  const { heard } = await startUp(script, env)
  return Number(/first:([\d.]+);/.exec(heard)?.[1])
}

/** Milliseconds of the first call of an authorizer, in a fresh process. */
export async function compareFirstCalls(outdir: string): Promise<Comparison> {
  const first = { event, isRight: 'answer.isAuthorized', env: authorizerEnv }
  const call = (name: string) => () => timeFirstCall(join(outdir, name, 'index.mjs'), first)
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
  const call = (name: string, username: string) => () => {
    const logIn = httpEvent('POST /login', { body: JSON.stringify({ username, password }) })
    const first = { event: logIn, isRight: 'answer.statusCode === 200', env: account.env }
    return timeFirstCall(join(outdir, name, 'index.mjs'), first)
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
