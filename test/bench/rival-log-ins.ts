import { join } from 'node:path'
import { type Comparison, rowsOf } from './comparison.ts'
import { measureRounds, quietly, time } from './measure.ts'

type Rounds = Readonly<Record<string, readonly number[]>>

const differencesOf = (rounds: Rounds, whole: string, part: string): readonly number[] =>
  rounds[whole]?.map((value, round) => value - (rounds[part]?.[round] ?? Number.NaN)) ?? []

type Login = { readonly logIn: () => Promise<void>; readonly hash: () => Promise<unknown> }

const strengths: Readonly<Record<string, string>> = {
  Latchkey: 'argon2id, 19 MiB, 2 passes: OWASP’s floor; DynamoDB and KMS by the wire',
  OpenAuth: 'scrypt N=2^14 r=8 p=1, below OWASP’s floor (2^17); no database, no throttle',
  'better-auth': 'scrypt N=2^14 r=16 p=1, below OWASP’s floor; no database, no throttle',
}

/** Milliseconds of a log-in, and of the hash in it. */
export async function compareLogIns(ours: Login): Promise<Comparison> {
  const { createLogIns } = await import(join(import.meta.dirname, 'rivals', 'log-ins.js'))
  return await quietly(async () => {
    const logIns: Record<string, Login> = { Latchkey: ours, ...(await createLogIns()) }
    const work = Object.entries(logIns).flatMap(([name, { logIn, hash }]) => [
      [name, () => time(logIn)] as const,
      [`${name}: its hash alone`, () => time(hash)] as const,
    ])
    const measured: Rounds = await measureRounds(Object.fromEntries(work), 40)
    const names = Object.keys(logIns)
    const rest = names.map((name) => [`${name}: the rest`, differencesOf(measured, name, `${name}: its hash alone`)])
    const isOurs = (name: string) => name.startsWith('Latchkey')
    const strengthOf = (name: string) => (name.endsWith('alone') ? (strengths[name.replace(/:.*/, '')] ?? '') : '')
    return {
      title: 'A log-in beside its hash',
      says: `What a log-in costs beyond the hash is ours to answer for; the hash is the price of guessing, and a slower one of
the same strength is no merit. Ours asks DynamoDB nine times and KMS once, counts guesses and keeps a session; the others keep all in memory here.`,
      rows: rowsOf({ ...measured, ...Object.fromEntries(rest) }, 'Latchkey: its hash alone', isOurs, strengthOf),
    }
  })
}
