import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { WriteStream } from 'node:tty'
import { describe, expect, test } from '@jest/globals'
import { runLatchkey } from '../../../infra/command-line/latchkey.ts'

const root = join(import.meta.dirname, '../../..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs a line as the process would; `hasColors` is what Node says of a terminal. */
async function latchkey(args: readonly string[], hasColors?: () => boolean) {
  const open = () => Object.assign(new PassThrough(), hasColors && { hasColors })
  const [stdout, stderr] = [open(), open()]
  const code = await runLatchkey(args, { stdin: Readable.from([]), stdout, stderr })
  stdout.end()
  stderr.end()
  return { stdout: await text(stdout), stderr: await text(stderr), code }
}

test.each(['--version', '-v'])('%s prints the version of the package', async (option) => {
  expect(await latchkey([option])).toEqual({ stdout: `${manifest.version}\n`, stderr: '', code: 0 })
})

describe('help', () => {
  test.each([[['help']], [['--help']], [['-h']], [['help', 'help']]])('%j names all commands', async (line) => {
    const { stdout, stderr, code } = await latchkey(line)

    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout.match(/^ {2}(\w+)/gm)).toEqual(
      ['start', 'invoke', 'admin', 'cost', 'help'].map((name) => `  ${name}`),
    )
  })

  test.each([
    ['start', 'npm start -- [OPTION …]'],
    ['invoke', 'npm run invoke -- FUNCTION EVENT.json [OPTION …]'],
    ['cost', 'npm run cost -- [OPTION …]'],
  ])('on %s is what the command prints itself, with each option', async (name, usage) => {
    const told = await latchkey(['help', name])

    expect(told).toEqual({ stdout: expect.stringContaining(`${usage}\n`), stderr: '', code: 0 })
    expect(await latchkey([name, '--help'])).toEqual(told)
    expect(await latchkey([name, '-h'])).toEqual(told)
    expect(told.stdout).toContain('\n  -h, --help')
    expect(told.stdout).not.toContain('undefined')
    expect(told.stdout.split('\n').filter((line) => line.length > 120)).toEqual([])
  })

  test('on a subcommand is only about that', async () => {
    const told = await latchkey(['help', 'admin', 'show-user'])

    expect(told.stdout.match(/^npm run admin -- \S+/gm)).toEqual(['npm run admin -- show-user'])
    expect(await latchkey(['admin', 'show-user', '--help'])).toEqual(told)
  })
})

test.each([
  [[], 'Which command?', 'help'],
  [['strat'], 'Unknown command strat. Did you mean start?', 'help'],
  [['deploy'], 'Unknown command deploy.', 'help'],
  [['--versoin'], 'Unknown option --versoin. Did you mean --version?', 'help'],
  [['help', 'strat'], 'Unknown command strat. Did you mean start?', 'help'],
  [['help', 'admin', 'creat-user'], 'Unknown command creat-user. Did you mean create-user?', 'help'],
  [['start', '--prot', '1'], 'Unknown option --prot. Did you mean --port?', 'help start'],
  [['start', 'here'], 'start takes only options.', 'help start'],
  [['start', '--port', '65536'], '--port takes a number from 0 to 65535, not 65536.', 'help start'],
  [['start', '--port', '3e3'], '--port takes a number from 0 to 65535, not 3e3.', 'help start'],
  [['start', '--data', ''], '--data takes the name of a folder.', 'help start'],
  [
    ['start', '--host', 'box:3000'],
    '--host takes a name or an IPv4 address without a port, not box:3000.',
    'help start',
  ],
  [['start', '-c', 'stage'], '-c takes SETTING=VALUE, not stage.', 'help start'],
  [['invoke', 'me'], 'invoke takes FUNCTION and EVENT.json.', 'help invoke'],
  [['cost', '--stage', 'prod'], 'Unknown option --stage.', 'help cost'],
])('%j is wrong usage, told in a sentence, with exit code 2', async (line, sentence, hint) => {
  expect(await latchkey(line)).toEqual({
    stdout: '',
    stderr: `${sentence}\nnpm run latchkey -- ${hint} says how to use it.\n`,
    code: 2,
  })
})

test('a subcommand of admin that is misspelt is guessed too, and so is its option', async () => {
  expect((await latchkey(['admin', 'creat-user', 'ada'])).stderr).toContain('Did you mean create-user?')
  expect((await latchkey(['admin', 'show-user', 'ada', '--jsn'])).stderr).toContain('Did you mean --json?')
})

test('what a misspelt word holds cannot steer the terminal', async () => {
  const { stderr } = await latchkey(['\u001b]0;x\u0007'])

  expect(stderr).toContain('Unknown command \\u001b]0;x\\u0007.')
})

describe('colours', () => {
  const sequence = '\u001b['
  // As a terminal with 256 colours decides, in this environment.
  const within = (env: object) => () =>
    WriteStream.prototype.getColorDepth.call({}, { TERM: 'xterm-256color', ...env }) > 1

  test('are there on a terminal', async () => {
    expect((await latchkey(['help'], within({}))).stdout).toContain(sequence)
    expect((await latchkey(['strat'], within({}))).stderr).toContain(sequence)
  })

  test('are not there in a pipe or a file', async () => {
    expect((await latchkey(['help'])).stdout).not.toContain(sequence)
    expect((await latchkey(['strat'])).stderr).not.toContain(sequence)
  })

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('are not there with %j', async (env) => {
    expect((await latchkey(['help'], within(env))).stdout).not.toContain(sequence)
    expect((await latchkey(['strat'], within(env))).stderr).not.toContain(sequence)
  })
})

describe('on a Node that is too old', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-old-node-'))

  /** Runs the command in a process that takes itself for another version of Node. */
  async function runOn(version: string, args: readonly string[]) {
    const preload = join(folder, `${version}.cjs`)
    const versions = `{ ...process.versions, node: '${version}' }`
    writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${versions} })`)
    const program = join(root, 'infra/command-line/latchkey.cjs')
    const child = spawn(process.execPath, ['--require', preload, program, ...args])
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { stdout, stderr, code }
  }

  test.each(['12.22.12', '20.20.0', '24.6.0'])('%s, it says so in one sentence', async (version) => {
    expect(await runOn(version, ['help'])).toEqual({
      stdout: '',
      stderr: `latchkey needs Node.js 24.7 or later; this is ${version}.\n`,
      code: 1,
    })
  })

  // In an app that has Latchkey installed, the rest of the command works on older ones.
  test.each(['20.20.0', '22.18.0', '24.6.0'])(
    '%s, what runs functions says so, and the rest works',
    async (version) => {
      const { versions } = process
      Object.defineProperty(process, 'versions', { value: { ...versions, node: version }, configurable: true })
      try {
        expect(await latchkey(['start'])).toEqual({
          stdout: '',
          stderr: `latchkey start needs Node.js 24.7 or later, as Lambda runs the functions; this is ${version}.\n`,
          code: 1,
        })
        expect(await latchkey(['help', 'start'])).toMatchObject({ code: 0 })
        expect(await latchkey(['admin', '--help'])).toMatchObject({ code: 0 })
      } finally {
        Object.defineProperty(process, 'versions', { value: versions, configurable: true })
      }
    },
  )

  test.each(['24.7.0', '26.0.0'])('it works on %s', async (version) => {
    expect(await runOn(version, ['--version'])).toMatchObject({ code: 0 })
  })
})
