// Jest with one worker more than there are processors, unless it is told how many: suites wait for processes that start and
// for limits of time, and meanwhile another one can use the processor.
import { availableParallelism } from 'node:os'

const isTold = process.argv.some((argument) => /^(-w|--maxWorkers|-i|--runInBand)\b/.test(argument))
if (!isTold) process.argv.push(`--maxWorkers=${availableParallelism() + 1}`)
await import('jest/bin/jest')
