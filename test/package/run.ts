// node test/package/run.ts: packs Latchkey, installs it in apps as `cdk init app --language typescript` makes them, and has
// each of them type-checked, tested and synthesised; the example of someone's app is served and called too. Takes minutes
// and the network; .ci/run calls it.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildPackage } from '../../infra/build/package.ts'

type App = {
  readonly title: string
  readonly cdk: string
  readonly typescript: string
  readonly compilerOptions: object
  /** ts-jest needs the compiler's API, which TypeScript 7 does not have. */
  readonly hasJest: boolean
}

const root = join(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const floor = String(manifest.peerDependencies['aws-cdk-lib']).replace('^', '')
const present = String(manifest.devDependencies['aws-cdk-lib'])

const apps: readonly App[] = [
  {
    title: `CommonJS, aws-cdk-lib ${floor}, TypeScript 5.6`,
    cdk: floor,
    typescript: '5.6',
    compilerOptions: { module: 'commonjs', moduleResolution: 'node', lib: ['es2022'] },
    hasJest: true,
  },
  {
    title: `NodeNext, aws-cdk-lib ${present}, TypeScript 5.9`,
    cdk: present,
    typescript: '5.9',
    compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['es2022'] },
    hasJest: true,
  },
  {
    title: `NodeNext, aws-cdk-lib ${present}, TypeScript 7`,
    cdk: present,
    typescript: '7',
    compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['es2022'] },
    hasJest: false,
  },
]

const folder = mkdtempSync(join(tmpdir(), 'latchkey-package-'))
try {
  const tarball = await pack()
  for (const app of apps) tryIn(app, tarball)
  for (const type of ['commonjs', 'module'] as const) await serveOwnApp(type, tarball)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

async function pack(): Promise<string> {
  const packed = join(folder, 'package')
  mkdirSync(packed)
  for (const file of ['LICENSE', 'README.md']) cpSync(join(root, file), join(packed, file))
  const { scripts: _, devDependencies: __, ...published } = manifest
  writeFileSync(join(packed, 'package.json'), JSON.stringify(published))
  await buildPackage(join(packed, 'dist'))
  const [{ filename }] = JSON.parse(run(packed, 'npm', 'pack', '--json', '--pack-destination', folder))
  return join(folder, filename)
}

function tryIn({ title, cdk, typescript, compilerOptions, hasJest }: App, tarball: string): void {
  const app = mkdtempSync(join(folder, 'app-'))
  cpSync(join(import.meta.dirname, 'app'), app, { recursive: true })
  const devDependencies = {
    typescript,
    '@types/node': '^22',
    ...(hasJest && { jest: '^29', 'ts-jest': '^29', '@types/jest': '^29' }),
  }
  const dependencies = { 'aws-cdk-lib': cdk, constructs: '^10.4.2', latchkey: `file:${tarball}` }
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'shop', private: true, dependencies, devDependencies }),
  )
  const options = {
    target: 'ES2022',
    strict: true,
    skipLibCheck: false,
    types: ['node', ...(hasJest ? ['jest'] : [])],
    ...compilerOptions,
  }
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['bin', 'lib'] }))

  run(app, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error')
  run(app, 'npx', 'tsc', '-p', '.')
  if (hasJest) run(app, 'npx', 'jest')
  run(app, 'node', 'bin/app.js')
  run(
    app,
    'node',
    '--input-type=module',
    '-e',
    "const { TokenAuth } = await import('latchkey'); if (typeof TokenAuth !== 'function') process.exit(1)",
  )
  tryCommand(app)
  process.stdout.write(`${title}: installed, type-checked, ${hasJest ? 'tested, ' : ''}synthesised\n`)
}

/** The example of an app, as a package of either kind: installed, type-checked, served, and called by a new user. */
async function serveOwnApp(type: 'commonjs' | 'module', tarball: string): Promise<void> {
  const app = mkdtempSync(join(folder, 'own-app-'))
  cpSync(join(root, 'test/example/own-app'), app, { recursive: true })
  const ownManifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
  writeFileSync(join(app, 'package.json'), JSON.stringify({ ...ownManifest, type }))
  const installed = Date.now()
  run(app, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', tarball)
  run(app, 'npx', 'tsc', '-p', '.')
  run(app, 'npx', 'cdk', 'synth', '--quiet')

  const server = spawn('npx', ['latchkey', 'start', '--port', '0', '--json'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { url } = JSON.parse(await firstLine(server.stdout))
    const username = 'mary'
    const password = 'correct horse battery staple'
    execFileSync('npx', ['latchkey', 'admin', 'create-user', username], { cwd: app, input: password })
    const headers = { 'content-type': 'application/json' }
    const logIn = await fetch(`${url}/login`, { method: 'POST', headers, body: JSON.stringify({ username, password }) })
    const { access_token } = (await logIn.json()) as { readonly access_token: string }
    const ask = (path: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${access_token}` } })
    const answer = await ask('/orders')
    const seconds = (Date.now() - installed) / 1000
    check(await answer.text(), '{"orders":[]}')
    check(
      [(await fetch(`${url}/orders`)).status, (await ask('/shipments')).status, (await ask('/invoices')).status],
      [401, 500, 500],
    )
    process.stdout.write(`own-app (${type}): from npm install to the first authorized call ${seconds.toFixed(0)} s\n`)
  } finally {
    // Not npx, which would leave its child.
    const { pid } = JSON.parse(readFileSync(join(app, '.local/server.json'), 'utf8'))
    process.kill(pid)
    await once(server, 'close')
  }
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) return line
  throw new Error('The app was not served.')
}

function check(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`)
}

function tryCommand(app: string): void {
  const latchkey = (...args: readonly string[]) => run(app, 'npx', 'latchkey', ...args)
  if (!latchkey('admin', '--help').includes('npx latchkey admin create-user NAME')) throw new Error('No help.')
  if (latchkey('--version') !== `${manifest.version}\n`) throw new Error('Another version.')
  const { status, stderr } = spawnSync('npx', ['latchkey', 'strat'], { cwd: app, encoding: 'utf8' })
  if (status !== 2 || !stderr.includes('Did you mean start?')) throw new Error(`latchkey strat: ${status} ${stderr}`)
}
