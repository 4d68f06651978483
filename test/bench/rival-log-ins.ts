import { join } from 'node:path'
import type { Comparison, Row } from './comparison.ts'
import { interleave, quietly, time } from './measure.ts'

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
      [`${name}, log-in`, () => time(logIn)] as const,
      [`${name}, its hash alone`, () => time(hash)] as const,
    ])
    const measured = await interleave(Object.fromEntries(work), 40)
    return {
      title: 'A log-in beside its hash',
      says: `What a log-in costs beyond the hash is ours to answer for; the hash is the price of guessing, and a slower one of
the same strength is no merit. Ours asks DynamoDB six times and KMS once, counts guesses and keeps a session; the others keep all in memory here.`,
      unit: 'ms',
      base: 'Latchkey, its hash alone',
      rows: Object.entries(measured).map(([name, value]): Row => {
        const [who = '', what] = name.split(', ')
        return { name, value, ours: who === 'Latchkey', note: what === 'log-in' ? '' : (strengths[who] ?? '') }
      }),
    }
  })
}
