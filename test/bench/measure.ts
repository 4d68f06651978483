import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, writeSync } from 'node:fs'

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6

/** Milliseconds that a piece of work takes. */
export async function time(work: () => unknown): Promise<number> {
  const start = now()
  await work()
  return now() - start
}

const calls = 500

/** Microseconds of one of many calls, one after another. */
export const perCall = (call: () => unknown) => async (): Promise<number> => {
  const elapsed = await time(async () => {
    for (let index = 0; index < calls; index += 1) await call()
  })
  return (elapsed * 1000) / calls
}

/** Standard output goes nowhere meanwhile, but is written, as a function writes it. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const sink = openSync('/dev/null', 'w')
  const write = process.stdout.write
  process.stdout.write = (text) => writeSync(sink, text as string) > 0
  try {
    return await work()
  } finally {
    process.stdout.write = write
  }
}

/** Contenders measured in turn, round by round, so that whatever else the machine does meets all of them alike. */
export async function measureRounds<Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contenders) as Name[]
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) measured[name].push(await contenders[name]())
  }
  return measured
}

/** As measureRounds, and of each contender the median. */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const measured: Readonly<Record<string, readonly number[]>> = await measureRounds(contenders, rounds)
  return Object.fromEntries(Object.entries(measured).map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >
}

/** Milliseconds from the start of a Node process until it writes "ready" to its standard error. */
export async function startUp(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly elapsed: number; readonly heard: string }> {
  const start = now()
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let heard = ''
  child.stderr.on('data', (chunk) => {
    heard += chunk
  })
  while (!heard.includes('ready')) {
    const [ended] = await Promise.race([once(child.stderr, 'data'), once(child, 'exit').then(() => ['exit'])])
    if (ended === 'exit') throw new Error(`A process ended before it was ready: ${heard}`)
  }
  const elapsed = now() - start
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { elapsed, heard }
}
