// Mutation tests of the rules (functions/domain) and of their border with API Gateway (functions/http): `npm run mutate`,
// or `npm run mutate -- scope.ts bearer.ts` for some files. Stryker changes the code in one place at a time; a change that
// no test notices survives and is listed. To be read before a release, not a gate: many a change makes no difference.
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groups } from './groups.ts'

type Mutant = {
  readonly mutatorName: string
  readonly status: string
  readonly location: { readonly start: { readonly line: number; readonly column: number } }
  readonly replacement?: string
}
type Report = { readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>> }

const outdir = mkdtempSync(join(tmpdir(), 'mutation-'))

const optionsFor = (files: readonly string[], tests: readonly string[], fileName: string) => ({
  mutate: files,
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    enableFindRelatedTests: false,
    // Over what package.json says: Stryker needs Jest's own runner, which takes Node's place in loading modules.
    config: {
      runner: 'jest-runner',
      setupFiles: [],
      setupFilesAfterEnv: [],
      testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
      extensionsToTreatAsEsm: ['.ts', '.txt'],
      transform: {
        '\\.ts$': '<rootDir>/test/mutation/strip-types.js',
        '\\.txt$': '<rootDir>/test/mutation/text-file.js',
      },
      injectGlobals: false,
      testTimeout: 300_000,
      testMatch: tests.map((test) => `<rootDir>/test/${test}.test.ts`),
    },
  },
  coverageAnalysis: 'perTest',
  // TypeScript 7 has no API by which Stryker could read one, and types are stripped, not checked.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  concurrency: 2,
  // Modules that a test file has loaded are never let go, which comes to gigabytes.
  maxTestRunnerReuse: 40,
  // Wide, since a machine that is busy would else pass for a mutant that never ends.
  timeoutMS: 15_000,
  timeoutFactor: 3,
  // Outside, lest jest and Biome find the copy.
  tempDirName: join(outdir, 'sandbox'),
  cleanTempDir: 'always',
  reporters: ['json', 'progress'],
  jsonReporter: { fileName },
  warnings: { slow: false },
})

function mutate(files: readonly string[], tests: readonly string[]): Report {
  const [optionsFile, reportFile] = [join(outdir, 'options.json'), join(outdir, 'report.json')]
  writeFileSync(optionsFile, JSON.stringify(optionsFor(files, tests, reportFile)))
  const stryker = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
  const { status } = spawnSync(process.execPath, [stryker, 'run', optionsFile], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`Stryker ended with ${status}.`)
  return JSON.parse(readFileSync(reportFile, 'utf8'))
}

const missed = ['Survived', 'NoCoverage']
// A RuntimeError is a test file that could not even be loaded: a rule is broken that its set-up relies on.
const noticed = ['Killed', 'Timeout', 'RuntimeError']

function show(file: string, mutants: readonly Mutant[]): void {
  const left = mutants.filter(({ status }) => missed.includes(status))
  console.log(`${file}: ${mutants.length - left.length} of ${mutants.length} noticed`)
  for (const { location, mutatorName, replacement = '' } of left) {
    const { line, column } = location.start
    console.log(`  ${line}:${column} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ')}`)
  }
}

const asked = process.argv.slice(2)
const all: Mutant[] = []
for (const { files, tests } of groups) {
  const chosen = globSync([...files], { exclude: ['**/*.txt'] }).filter(
    (file) => asked.length === 0 || asked.some((name) => file.endsWith(`/${name}`)),
  )
  if (chosen.length === 0) continue
  for (const [file, { mutants }] of Object.entries(mutate(chosen, tests).files)) {
    const counted = mutants.filter(({ status }) => [...missed, ...noticed].includes(status))
    show(file, counted)
    all.push(...counted)
  }
}
const found = all.filter(({ status }) => noticed.includes(status)).length
console.log(`${found} of ${all.length} changes noticed, ${((100 * found) / all.length).toFixed(1)} %`)
