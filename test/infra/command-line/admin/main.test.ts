import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from '@jest/globals'
import { createAdmin } from '../../../support/admin.ts'
import { admin, startAdmin } from '../../../support/admin-command.ts'
import { hashes } from '../../../support/builders/imported-hashes.ts'
import { newFolder, startAws } from '../../../support/local-aws.ts'
import { openTable } from '../../../support/table.ts'

const ada = { sub: 's1', username: 'ada', scope: 'a b', disabled: false, created_at: 1_795_500_000 }
const success = { payload: JSON.stringify({ ok: true, result: ada }) }
const told = 'sub: s1\nusername: ada\nscope: a b\ndisabled: false\ncreated_at: 2026-11-24T06:00:00.000Z\n'

const exited = { code: 0, signal: null }

type Answer = { readonly payload: string; readonly functionError?: 'Unhandled' }

/** A running server, as far as this command sees it, whose admin function answers so. */
async function setUp(answer: Answer | ((event: unknown) => Promise<Answer>) = success) {
  const data = newFolder()
  const events: unknown[] = []
  const aws = await startAws([], {
    data,
    inMemory: true,
    invoke: async (name, payload) => {
      const event = JSON.parse(payload)
      events.push([name, event])
      return typeof answer === 'function' ? await answer(event) : answer
    },
  })
  const server = { url: 'http://127.0.0.1:1', aws: aws.url, pid: process.pid, functionNames: ['admin'] }
  writeFileSync(join(data, 'server.json'), JSON.stringify({ ...server, accessKeyId: 'AKIAOWNER' }))
  return { data, events, [Symbol.asyncDispose]: aws[Symbol.asyncDispose] }
}

test.each([
  ['create-user', ['create-user', 'ada', '--scope', 'a b'], 'secret', { scope: 'a b', password: 'secret' }],
  ['create-user without scopes', ['create-user', 'ada'], 'secret', { password: 'secret' }],
  ['show-user', ['show-user', 'ada'], '', {}],
  ['disable-user', ['disable-user', 'ada'], '', {}],
  ['enable-user', ['enable-user', 'ada'], '', {}],
  ['set-scopes', ['set-scopes', 'ada', '--scope', 'a b'], '', { scope: 'a b' }],
  ['set-scopes to none', ['set-scopes', 'ada', '--scope', ''], '', { scope: '' }],
  ['set-groups', ['set-groups', 'ada', '--groups', 'admin editors'], '', { groups: 'admin editors' }],
  ['set-groups to none', ['set-groups', 'ada', '--groups', ''], '', { groups: '' }],
  ['set-password', ['set-password', 'ada'], 'secret', { password: 'secret' }],
  ['rename-user', ['rename-user', 'ada', 'eve'], '', { new_username: 'eve' }],
  ['set-email', ['set-email', 'ada', 'ada@example.net'], '', { email: 'ada@example.net' }],
  ['set-email --verified', ['set-email', 'ada', 'a@b.c', '--verified'], '', { email: 'a@b.c', verified: true }],
  ['start-recovery', ['start-recovery', 'ada'], '', {}],
  ['revoke-sessions', ['revoke-sessions', 'ada'], '', {}],
  ['delete-user', ['delete-user', 'ada'], '', {}],
])('%s reaches the admin function of the running server and tells its answer', async (_, args, input, more) => {
  await using server = await setUp()
  const outcome = await admin([...args, '--data', server.data], `${input}\n`)

  expect(outcome).toEqual({ stdout: told, stderr: '', code: 0 })
  expect(server.events).toEqual([['admin', { command: args[0], username: 'ada', ...more }]])
})

describe('the process', () => {
  test('takes the password from its standard input, and leaves the answer on its standard output', async () => {
    await using server = await setUp()
    const { ended } = startAdmin(['create-user', 'ada', '--data', server.data], { input: 'secret\n' })

    expect(await ended).toEqual({ ...exited, stdout: told, stderr: '' })
    expect(server.events).toEqual([['admin', { command: 'create-user', username: 'ada', password: 'secret' }]])
  })

  test('tells on its standard error, and by its exit code, what went wrong', async () => {
    await using server = await setUp({ payload: '{"errorType":"Error"}', functionError: 'Unhandled' })
    const failed = startAdmin(['show-user', 'ada', '--data', server.data])
    const misused = startAdmin(['drop-user', 'ada'])

    expect(await failed.ended).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^The function admin failed/),
      code: 1,
    })
    expect(await misused.ended).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('Unknown command drop-user.'),
      code: 2,
    })
  })
})

test('--json prints the answer as it is, good or bad', async () => {
  const failure = { ok: false, error: 'unknown_user', error_description: 'Unknown user.' }
  await using good = await setUp()
  await using bad = await setUp({ payload: JSON.stringify(failure) })
  const [one, other] = [
    await admin(['show-user', 'ada', '--json', '--data', good.data]),
    await admin(['show-user', 'ada', '--json', '--data', bad.data]),
  ]

  expect({ ...one, stdout: JSON.parse(one.stdout) }).toEqual({ stdout: { ok: true, result: ada }, stderr: '', code: 0 })
  expect({ ...other, stdout: JSON.parse(other.stdout) }).toEqual({ stdout: failure, stderr: '', code: 1 })
})

test.each([
  [
    'a refusal',
    { payload: '{"ok":false,"error":"unknown_user","error_description":"Unknown user."}' },
    'Unknown user.\n',
  ],
  [
    'a failure of the function',
    { payload: '{"errorType":"Error"}', functionError: 'Unhandled' as const },
    'The function admin failed: {"errorType":"Error"}\n',
  ],
])('%s is told on standard error, with exit code 1', async (_, answer, stderr) => {
  await using server = await setUp(answer)

  expect(await admin(['show-user', 'ada', '--data', server.data])).toEqual({ stdout: '', stderr, code: 1 })
})

test('groups stand on one line, of a user and of each in a list', async () => {
  const member = { ...ada, groups: ['editors', 'admin'] }
  await using one = await setUp({ payload: JSON.stringify({ ok: true, result: member }) })
  await using list = await setUp({ payload: JSON.stringify({ ok: true, result: { users: [ada, member] } }) })

  expect((await admin(['show-user', 'ada', '--data', one.data])).stdout).toBe(`${told}groups: editors admin\n`)
  expect((await admin(['list-users', '--data', list.data])).stdout).toBe(
    'ada\ts1\ta b\nada\ts1\ta b\tgroups: editors admin\n',
  )
})

// The name of someone who registered to attack the administrator, and one that looks like an option.
test.each(["zz'; echo injected; echo '", '-zz'])(
  'the next page is asked for by a line that can be pasted: %s',
  async (name) => {
    await using server = await setUp({ payload: JSON.stringify({ ok: true, result: { users: [ada], cursor: name } }) })
    const { stderr } = await admin(['list-users', '--data', server.data])
    const [, suggested = ''] = /(--cursor.*)\n$/.exec(stderr) ?? []
    const pasted = execFileSync('sh', ['-c', `printf '%s\\n' list-users ${suggested}`], { encoding: 'utf8' })

    expect(pasted).toBe(`list-users\n--cursor=${name}\n`)
    await admin([...pasted.trimEnd().split('\n'), '--data', server.data])
    expect(server.events.at(-1)).toEqual(['admin', { command: 'list-users', cursor: name }])
  },
)

test('a message of others cannot steer the terminal', async () => {
  await using refused = await setUp({
    payload: JSON.stringify({ ok: false, error_description: 'No \u001b]0;x\u0007.' }),
  })
  await using failed = await setUp({ payload: '{"errorMessage":"\u009b2J"}', functionError: 'Unhandled' })

  expect(await admin(['show-user', 'ada', '--data', refused.data])).toMatchObject({
    stderr: 'No \\u001b]0;x\\u0007.\n',
  })
  expect(await admin(['show-user', 'ada', '--data', failed.data])).toMatchObject({
    stderr: 'The function admin failed: {"errorMessage":"\\u009b2J"}\n',
  })
})

test.each([
  ['no command', [], 'Which command?'],
  ['an unknown command', ['drop-user', 'ada'], 'Unknown command drop-user.'],
  ['a name of Object', ['constructor', 'ada'], 'Unknown command constructor.'],
  ['no name', ['show-user'], 'show-user takes NAME-OR-SUB.'],
  ['two names', ['show-user', 'ada', 'eve'], 'show-user takes NAME-OR-SUB.'],
  ["another command's option", ['show-user', 'ada', '--scope', 'a'], 'show-user takes no --scope.'],
  ['a scope that is missing', ['set-scopes', 'ada'], 'set-scopes takes --scope.'],
  ['groups that are missing', ['set-groups', 'ada'], 'set-groups takes --groups.'],
  ['no address', ['set-email', 'ada'], 'set-email takes NAME and ADDRESS.'],
  ['an address that somebody else verifies', ['rename-user', 'ada', 'eve', '--verified'], 'takes no --verified.'],
  ['no file', ['import-users'], 'import-users takes FILE.'],
  ['a line number below 1', ['import-users', 'x', '--from', '0'], '--from takes the number of a line, from 1 on.'],
  ['half of a Firebase project', ['import-users', 'x', '--firebase-rounds', '8'], 'need --firebase-signer-key too'],
  ['a trial that would import', ['import-users', 'x', '--try', 'ada', '--update'], '--try imports nothing'],
  ['an unknown system', ['export-users', 'x', '--for', 'rails'], '--for takes flask, django or phc.'],
  ['a line for a user', ['show-user', 'ada', '--from', '2'], 'show-user takes no --from.'],
  ['an unknown option', ['show-user', 'ada', '--force'], 'Unknown option --force.'],
  ['two places', ['show-user', 'ada', '--stack', 'auth', '--data', 'x'], 'one or the other'],
  ['a function on localhost', ['show-user', 'ada', '--function', 'f', '-c', 'a=b'], 'one or the other'],
  ['a stack and a function', ['show-user', 'ada', '--stack', 's', '--function', 'f'], 'not both'],
  ['a setting without a value', ['show-user', 'ada', '-c', 'scopes'], '-c takes SETTING=VALUE, not scopes.'],
])('%s is wrong usage, with exit code 2', async (_, args, message) => {
  const { stdout, stderr, code } = await admin(args)

  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toContain(message)
  expect(stderr).toMatch(
    /^npm run (admin -- [a-z-]+-(user|users|scopes|groups|email|client)\b.*|latchkey -- help admin lists .*)$/m,
  )
})

test('--help tells all commands, and after a command that one', async () => {
  const [all, one] = [await admin(['--help']), await admin(['create-user', '-h'])]

  expect([all.code, one.code, all.stderr, one.stderr]).toEqual([0, 0, '', ''])
  expect(all.stdout.match(/^npm run admin -- \S+/gm)).toEqual(
    [
      ...['create-user', 'show-user', 'list-users', 'rename-user', 'set-email', 'disable-user', 'enable-user'],
      ...[
        'set-scopes',
        'set-groups',
        'set-password',
        'start-recovery',
        'reset-factors',
        'revoke-sessions',
        'delete-user',
        'import-users',
      ],
      'export-users',
      ...['put-client', 'list-clients', 'delete-client', 'rotate-client-secret', 'list-api-keys', 'revoke-api-key'],
    ].map((name) => `npm run admin -- ${name}`),
  )
  expect(one.stdout.match(/^npm run admin .*$/gm)).toEqual(['npm run admin -- create-user NAME [--scope "SCOPE …"]'])
})

test('API keys are listed one a line, with the days of their end and their last use', async () => {
  const key = { id: 'AAAAAAAAAAAAAAAAA', scope: 'a b', created_at: 1_800_000_000, expires_at: 1_800_086_400 }
  const keys = [
    { ...key, name: 'one', last_used_at: null },
    { ...key, name: 'two\u001b', last_used_at: 1_799_971_200 },
  ]
  const result = { sub: 's', username: 'ada', api_keys: keys }
  await using server = await setUp(async () => ({ payload: JSON.stringify({ ok: true, result }) }))
  const listed = await admin(['list-api-keys', 'ada', '--data', server.data])

  expect(listed.stdout.split('\n')).toEqual([
    'AAAAAAAAAAAAAAAAA\tone\ta b\texpires on 2027-01-16\tnever used',
    expect.stringMatching(/^A{17}\ttwo\P{Cc}+\ta b\texpires on 2027-01-16\tused on 2027-01-15$/u),
    '',
  ])
})

test('without a running server the account is opened for the command, and what it does stays', async () => {
  const data = newFolder()
  const line = ['create-user', 'Ada', '--scope', 'orders:read', '--data', data, '-c', 'scopes=orders:read']
  const made = await startAdmin(line, { input: 'correct horse battery staple' }).ended
  const shown = await startAdmin(['show-user', 'ada', '--data', data]).ended

  expect(made).toEqual({
    ...exited,
    stdout: expect.stringMatching(
      /^sub: \S{22}\nusername: ada\nscope: orders:read\ndisabled: false\ncreated_at: \S+\n$/,
    ),
    stderr: '',
  })
  expect(shown).toEqual(made)
})

test('users are imported from a file, and exported into one that can be imported again', async () => {
  await using opened = new AsyncDisposableStack()
  const { run } = createAdmin(opened.adopt(await openTable(), ({ close }) => close()))
  await using server = await setUp(async (event) => ({ payload: JSON.stringify(await run(event)) }))
  const { data } = server
  const [file, left] = [join(data, 'users.jsonl'), join(data, 'left.jsonl')]
  const [[, password_hash]] = hashes as [[string, string]]
  const flask = { username: 'flask', password_hash, scope: '', disabled: false, sub: '42' }
  writeFileSync(file, `${JSON.stringify(flask)}\n${JSON.stringify({ ...flask, username: 'twin' })}\nnot json\n`)
  const imported = await admin(['import-users', file, '--data', data])
  const exported = await admin(['export-users', left, '--data', data, '--json'])
  const again = await admin(['import-users', left, '--data', data])
  const over = await admin(['export-users', left, '--data', data])

  expect(imported).toEqual({
    stdout: [
      'line 2, twin: This sub belongs to another account, or is the id of a client.',
      'line 3: The line is not JSON.',
      '1 × This sub belongs to another account, or is the id of a client',
      '1 × The line is not JSON',
      '1 created, 0 left unchanged, 2 left out, of 3 lines\n',
    ].join('\n'),
    stderr: '',
    code: 1,
  })
  expect({ ...exported, stdout: JSON.parse(exported.stdout) }).toEqual({ stdout: { users: 1 }, stderr: '', code: 0 })
  expect(JSON.parse(readFileSync(left, 'utf8'))).toEqual(flask)
  expect(statSync(left).mode & 0o777).toBe(0o600)
  expect(again).toMatchObject({
    stdout: 'left unchanged, because these users exist: lines 1\n0 created, 1 left unchanged, 0 left out, of 1 lines\n',
    code: 0,
  })
  expect(over).toMatchObject({ stdout: '', code: 1 })
})

test('all pages of an export are written, one after the other, and what has no hash is counted over all of them', async () => {
  const pages: Readonly<Record<string, object>> = {
    first: { users: [ada], without_hash: { wrapped: 1 }, next: 'second' },
    second: { users: [ada, ada], without_hash: { wrapped: 1, scrypt: 2 } },
  }
  await using server = await setUp(async (event) => {
    const { from = 'first' } = event as { readonly from?: string }
    return { payload: JSON.stringify({ ok: true, result: pages[from] }) }
  })
  const left = join(server.data, 'left.jsonl')
  const { stdout, code } = await admin(['export-users', left, '--for', 'phc', '--json', '--data', server.data])

  expect({ ...JSON.parse(stdout), code }).toEqual({ users: 3, without_hash: { wrapped: 2, scrypt: 2 }, code: 0 })
  expect(readFileSync(left, 'utf8')).toBe(`${JSON.stringify(ada)}\n`.repeat(3))
  expect(server.events).toEqual([
    ['admin', { command: 'export-users', for: 'phc' }],
    ['admin', { command: 'export-users', from: 'second', for: 'phc' }],
  ])
})

/** CloudFormation and Lambda of an account in which a stack has these outputs. */
async function startStack(outputs: Readonly<Record<string, string>>) {
  const calls: string[] = []
  const members = Object.entries(outputs).map(
    ([name, value]) => `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  )
  const stacks = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>auth</StackName><Outputs>
    ${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
  const server = createServer(async (request, response) => {
    const body = await text(request)
    calls.push(`${request.method} ${request.url} ${body}`)
    response.end(body.includes('Action=DescribeStacks') ? stacks : success.payload)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' }
  const env = { ...credentials, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_CONFIG_FILE: '/dev/null' }
  return { env, calls, [Symbol.asyncDispose]: async () => void server.close().closeAllConnections() }
}

const inAws = async (args: readonly string[], env: NodeJS.ProcessEnv) => await startAdmin(args, { env }).ended

test("--stack finds the admin function in the stack's outputs and invokes it with the caller's credentials", async () => {
  await using stack = await startStack({ TableName: 'users', AdminFunctionName: 'auth-admin-1' })
  const outcome = await inAws(['disable-user', 'ada', '--stack', 'auth'], stack.env)

  expect(outcome).toEqual({ ...exited, stdout: told, stderr: '' })
  expect(stack.calls).toEqual([
    expect.stringMatching(/^POST \/ (?=.*Action=DescribeStacks).*StackName=auth/),
    'POST /2015-03-31/functions/auth-admin-1/invocations {"command":"disable-user","username":"ada"}',
  ])
})

test('--stack finds the output of a construct of any name, and asks which one where there are several', async () => {
  await using one = await startStack({ AuthAdminFunctionName3C5D: 'shop-admin-1' })
  await using two = await startStack({ AuthAdminFunctionName1: 'a', OtherAdminFunctionName2: 'b' })

  expect(await inAws(['disable-user', 'ada', '--stack', 'auth'], one.env)).toMatchObject({ code: 0 })
  expect(one.calls.at(-1)).toContain('/functions/shop-admin-1/invocations')
  expect(await inAws(['disable-user', 'ada', '--stack', 'auth'], two.env)).toMatchObject({
    stderr: 'The stack auth has several admin functions: choose one by --function NAME.\n',
    code: 1,
  })
})

test('--function names the admin function itself, and AWS_DEFAULT_REGION is enough of a region', async () => {
  await using stack = await startStack({})
  const { AWS_REGION, ...env } = stack.env
  const outcome = await inAws(['disable-user', 'ada', '--function', 'b'], { ...env, AWS_DEFAULT_REGION: AWS_REGION })

  expect(outcome).toEqual({ ...exited, stdout: told, stderr: '' })
  expect(stack.calls).toEqual(['POST /2015-03-31/functions/b/invocations {"command":"disable-user","username":"ada"}'])
})

test('a stack without an admin function, and an account without credentials, are told in one sentence', async () => {
  await using stack = await startStack({})
  const [other, nobody] = [
    await inAws(['show-user', 'ada', '--stack', 'auth'], stack.env),
    await inAws(['show-user', 'ada', '--stack', 'auth'], {
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: newFolder(),
    }),
  ]

  expect(other).toMatchObject({
    stdout: '',
    stderr: 'The stack auth has no output AdminFunctionName: it is not a Latchkey stack.\n',
    code: 1,
  })
  expect({ ...nobody, stderr: nobody.stderr.split('\n').length }).toMatchObject({ stdout: '', stderr: 2, code: 1 })
})

// REQ-190
test('a client is registered from a file, listed, given another secret and deleted', async () => {
  await using opened = new AsyncDisposableStack()
  const { run } = createAdmin(opened.adopt(await openTable(), ({ close }) => close()))
  await using server = await setUp(async (event) => ({ payload: JSON.stringify(await run(event)) }))
  const { data } = server
  const file = join(data, 'shop.json')
  writeFileSync(file, JSON.stringify({ client_id: 'shop', redirect_uris: ['https://shop.example.com/callback'] }))
  const give = (...line: readonly string[]) => admin([...line, '--data', data])
  const put = await give('put-client', file)
  const again = await give('put-client', file, '--json')
  const rotated = await give('rotate-client-secret', 'shop', '--json')
  const listed = await give('list-clients')
  const deleted = await give('delete-client', 'shop')
  writeFileSync(file, '{"client_id":"shop",')
  const [broken, missing] = [await give('put-client', file), await give('delete-client', 'shop')]

  expect(put).toMatchObject({ code: 0, stderr: 'Keep the secret now: it is shown this once.\n' })
  expect(put.stdout).toMatch(/^client_id: shop\n[\s\S]*\nclient_secret: [\w-]{43}\n$/)
  expect(JSON.parse(again.stdout)).toEqual({
    ...{ client_id: 'shop', redirect_uris: ['https://shop.example.com/callback'], post_logout_redirect_uris: [] },
    ...{ grant_types: ['authorization_code'], scope: '', token_endpoint_auth_method: 'client_secret_basic' },
    ...{ first_party: false, require_pkce: true, client_id_issued_at: expect.any(Number) },
  })
  expect(JSON.parse(rotated.stdout)).toMatchObject({ client_secret: expect.stringMatching(/^[\w-]{43}$/) })
  expect(listed).toEqual({ code: 0, stderr: '', stdout: 'shop\t\tclient_secret_basic\n' })
  expect(deleted).toMatchObject({ code: 0, stderr: '' })
  expect([broken, missing]).toEqual([
    { code: 1, stdout: '', stderr: `${file} must hold one client as a JSON object (docs/clients.md).\n` },
    { code: 1, stdout: '', stderr: 'Unknown client.\n' },
  ])
})

test('a client with keys has no secret, and its keys are shown as they stand in its file', async () => {
  await using opened = new AsyncDisposableStack()
  const { run } = createAdmin(opened.adopt(await openTable(), ({ close }) => close()))
  await using server = await setUp(async (event) => ({ payload: JSON.stringify(await run(event)) }))
  const { data } = server
  const file = join(data, 'job.json')
  const { publicKey } = generateKeyPairSync('ed25519')
  const jwks = { keys: [{ kty: 'OKP', kid: 'one', crv: 'Ed25519', x: publicKey.export({ format: 'jwk' }).x }] }
  const client = { client_id: 'job', grant_types: ['client_credentials'], jwks }
  writeFileSync(file, JSON.stringify({ ...client, token_endpoint_auth_method: 'private_key_jwt' }))
  const put = await admin(['put-client', file, '--data', data])
  const rotated = await admin(['rotate-client-secret', 'job', '--data', data])

  expect(put).toMatchObject({ code: 0, stderr: '' })
  const [, shown = ''] = /^jwks: (.*)$/m.exec(put.stdout) ?? []
  expect(JSON.parse(shown)).toEqual(jwks)
  expect(put.stdout).not.toContain('client_secret')
  expect(rotated).toMatchObject({ code: 1, stderr: 'This client has no secret.\n' })
})
