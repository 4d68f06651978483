import { readFileSync } from 'node:fs'

/** Resident memory in MB, by process: the gateway's under its own name, a function's under the function's and its id. */
export type Memory = Readonly<Record<string, number>>

const read = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')

const residentOf = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]) / 1024

const functionOf = (pid: number) => /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(read(pid, 'environ'))?.[1]

/** The memory of a local server and of the functions that it runs. Linux alone tells it like this. */
export function readMemory(gateway: number): Memory {
  const children = read(gateway, `task/${gateway}/children`).trim().split(' ').filter(Boolean).map(Number)
  const functions = children.flatMap((pid) => {
    const name = functionOf(pid)
    return name ? [[`${name} ${pid}`, residentOf(pid)] as const] : []
  })
  return Object.fromEntries([['gateway', residentOf(gateway)], ...functions])
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export type Growth = { readonly process: string; readonly before: number; readonly after: number }

/** What each process that was there all the time took in the second quarter of the samples, and in the last. */
export function growthOf(samples: readonly Memory[]): readonly Growth[] {
  const quarter = Math.floor(samples.length / 4)
  const constant = Object.keys(samples[quarter] ?? {}).filter((name) => samples.at(-1)?.[name] !== undefined)
  return constant.map((process) => {
    const over = (from: number, to?: number) => median(samples.slice(from, to).map((each) => each[process] ?? 0))
    return { process, before: over(quarter, 2 * quarter), after: over(-quarter) }
  })
}
