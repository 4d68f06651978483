// Jest with two workers more than there are processors, unless it is told how many: suites wait for processes that start and
// for limits of time, and meanwhile others can use the processors.
import { availableParallelism } from 'node:os'

const isTold = process.argv.some((argument) => /^(-w|--maxWorkers|-i|--runInBand)\b/.test(argument))
if (!isTold) process.argv.push(`--maxWorkers=${availableParallelism() + 2}`)
await import('jest/bin/jest')
