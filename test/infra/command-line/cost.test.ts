import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Function as CdkFunction, Code, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { costOf } from '../../../infra/command-line/cost/cost.ts'
import { type Plan, readPlan } from '../../../infra/command-line/cost/plan.ts'
import { costTable } from '../../../infra/command-line/cost/table.ts'
import { usageOf, work } from '../../../infra/command-line/cost/usage.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import { synthesise } from '../../support/builders/stack.ts'
import { templateApp } from '../../support/builders/template-app.ts'

const root = join(import.meta.dirname, '../../..')

const plan: Plan = {
  authorizer: 0.25,
  login: 1,
  token: 0.25,
  authorizerCache: 60,
  accessTokenLifetime: 900,
  keys: 1,
  keySpec: 'RSA_2048',
  factorKeys: 0,
  authorize: undefined,
  logDays: 30,
  backups: true,
  sendsMail: false,
  metrics: 11,
  alarmMetrics: 14,
  dashboards: 1,
}
const million = 1_000_000

// The second request of a log-in: gateway, function, two reads and four writes, a decryption, and its lines.
const totpStep =
  1e-6 +
  (0.2e-6 + 1 * 0.06 * 0.0000133334) +
  (2 * 0.125e-6 + 4 * 0.625e-6) +
  0.03e-4 +
  ((300 + 270) / 2 ** 30) * (0.5 + 0.03)

const rounded = (cost: object) =>
  Object.fromEntries(Object.entries(cost).map(([item, dollars]) => [item, Number(dollars.toFixed(4))]))

describe('a month', () => {
  test('of no calls costs its keys and what watches it', () => {
    expect(costOf(0, plan)).toEqual({
      'HTTP API': 0,
      authorizer: 0,
      'log-in and refresh': 0,
      DynamoDB: 0,
      'signing keys': 1,
      'second factors': 0,
      'sign-in pages': 0,
      logs: 0,
      mail: 0,
      'alarms, metrics, dashboard': 14 * 0.1 + 3,
    })
  })

  test('of a million calls costs what adding it up by hand gives', () => {
    // 5,000 log-ins and 20,000 refreshes; the authorizer is asked for every third call.
    const calls = million / 3
    const stored = (5000 * (125 + 1800)) / 2 ** 30
    const lines = ((million + 25_000) * 300 + (calls + 25_000) * 270) / 2 ** 30

    expect(rounded(costOf(million, plan))).toEqual(
      rounded({
        'HTTP API': 1.025,
        authorizer: calls * (0.2e-6 + 0.25 * 0.005 * 0.0000133334),
        'log-in and refresh':
          5000 * (0.2e-6 + 1 * 0.15 * 0.0000133334) + 20_000 * (0.2e-6 + 0.25 * 0.06 * 0.0000133334),
        DynamoDB: (25_000 + 60_000) * 0.125e-6 + (20_000 + 20_000) * 0.625e-6 + stored * 0.45,
        'signing keys': 1 + 2.5 * 0.03,
        'second factors': 0,
        'sign-in pages': 0,
        logs: lines * (0.5 + 0.03),
        mail: 0,
        'alarms, metrics, dashboard': 1.4 + 3 + 11 * 0.3,
      }),
    )
  })

  test.each<[string, Partial<Plan>, keyof ReturnType<typeof costOf>, number]>([
    ['mail', { sendsMail: true }, 'mail', 0.04],
    ['a number of mails', { sendsMail: true, mails: 10_000 }, 'mail', 1.6],
    ['a number of mails but no sender', { mails: 10_000 }, 'mail', 0],
    ['a second factor at each log-in', { factorKeys: 1 }, 'second factors', 1 + 5000 * totpStep],
    ['sign-ins on pages', { authorize: 0.25 }, 'sign-in pages', 0.04400001],
    ['a number of log-ins with TOTP', { factorKeys: 1, totpLogins: 100_000 }, 'second factors', 1 + 100_000 * totpStep],
    ['log-ins with TOTP but no second factors', { totpLogins: 100_000 }, 'second factors', 0],
    ['two generations', { keys: 2 }, 'signing keys', 2.075],
    ['stronger keys', { keySpec: 'RSA_3072' }, 'signing keys', 1.375],
    ['no alarms and no dashboard', { alarmMetrics: 0, dashboards: 0 }, 'alarms, metrics, dashboard', 3.3],
  ])('with %s costs accordingly', (_, change, item, dollars) => {
    expect(costOf(million, { ...plan, ...change })[item]).toBeCloseTo(dollars, 10)
  })
})

describe('what is done in a month', () => {
  test.each([
    [0, 1000],
    [22, 1000],
    [60, 1000 / 3],
    [300, 1000 / 14],
  ])('asks the authorizer by how long its answer is kept: %d s', (authorizerCache, authorizations) => {
    expect(usageOf(1000, { ...plan, authorizerCache }).authorizations).toBe(authorizations)
  })

  test('takes a refresh for every token but the first, or a log-in where there is no refresh', () => {
    const { token: _, ...without } = plan

    expect(usageOf(1000, plan)).toMatchObject({ logins: 5, refreshes: 20 })
    expect(usageOf(1000, { ...plan, accessTokenLifetime: 60 })).toMatchObject({ logins: 5, refreshes: 370 })
    expect(usageOf(1000, { ...without, token: undefined })).toMatchObject({ logins: 25, refreshes: 0 })
  })

  test('sends a mail for twenty log-ins, or as many mails as are said', () => {
    const sending = { ...plan, sendsMail: true }

    expect([plan, sending, { ...sending, mails: 7 }].map((each) => usageOf(million, each).mails)).toEqual([0, 250, 7])
  })

  test('decrypts a TOTP secret at each log-in, or as often as is said', () => {
    const { token: _, ...without } = { ...plan, factorKeys: 1 }
    const plans = [
      plan,
      { ...without, token: plan.token },
      { ...without, token: undefined },
      { ...plan, factorKeys: 1, totpLogins: 7 },
    ]

    expect(plans.map((each) => usageOf(1000, each).totpLogins)).toEqual([0, 5, 25, 7])
  })

  test('leaves lines of the length that is reckoned with', async () => {
    const { only } = await synthesise()
    const { Format } = only('AWS::ApiGatewayV2::Stage').Properties['AccessLogSettings'] as { Format: string }
    const values = { requestTimeEpoch: 13, requestId: 16, routeKey: 16, status: 3, responseLatency: 3, sourceIp: 38 }
    const line = Format.replace(/\$context\.[\w.]+/g, (name) => {
      const length = name.endsWith('authorizer.sub')
        ? 22
        : Object.entries(values).find(([end]) => name.endsWith(end))?.[1]
      return 'x'.repeat(length ?? 1)
    })

    expect(line.length + 26).toBeLessThanOrEqual(work.accessLogBytes)
    expect(line.length + 26).toBeGreaterThan(work.accessLogBytes * 0.9)
  })
})

describe('a template', () => {
  test('says what is to be paid for', async () => {
    const context = {
      stage: 'prod',
      generations: '1:RSA_3072 2:RSA_3072',
      authorizerCache: 0,
      accessTokenLifetime: 300,
      logRetention: 90,
    }
    const { resources } = await synthesise(context)

    expect(readPlan(resources)).toEqual({
      ...plan,
      authorizerCache: 0,
      accessTokenLifetime: 300,
      keys: 2,
      keySpec: 'RSA_3072',
      logDays: 90,
    })
    expect(readPlan((await synthesise()).resources)).toMatchObject({ backups: false, alarmMetrics: 0, dashboards: 0 })
  })

  test('says that mail is sent, and which metrics SES makes of it', async () => {
    const { resources } = await synthesise({ stage: 'prod', emailFrom: 'no-reply@example.com' })

    expect(readPlan(resources)).toEqual({ ...plan, sendsMail: true, metrics: 19, alarmMetrics: 20 })
  })

  test('says that there is a key of TOTP secrets, which is no signing key', async () => {
    const { resources } = await synthesise({ stage: 'prod', secondFactor: 'optional', generations: '1 2' })

    expect(readPlan(resources)).toEqual({ ...plan, keys: 2, factorKeys: 1, alarmMetrics: plan.alarmMetrics + 1 })
  })

  test('that is not ours is refused', () => {
    expect(() => readPlan({})).toThrow('The stack has no log-in, so its cost cannot be estimated.')
  })
})

describe('the page on costs', () => {
  const page = readFileSync(join(root, 'docs/cost.md'), 'utf8')

  test('shows what the script says of production', async () => {
    expect(page).toContain(costTable(readPlan((await synthesise({ stage: 'prod' })).resources)))
  })

  test('shows what mail adds to that, by both price lists of SES', async () => {
    const { resources } = await synthesise({ stage: 'prod', emailFrom: 'no-reply@example.com' })

    expect(page).toContain(costTable({ ...readPlan(resources), mails: 10_000 }))
    expect(costTable({ ...readPlan(resources), mails: 10_000 })).toMatch(
      /^\| mail +\| +1\.60 .*\| mail, in an AWS account that was made before July 2026 +\| +1\.00 /ms,
    )
  })

  test('shows the line that second factors add', async () => {
    const { resources } = await synthesise({ stage: 'prod', secondFactor: 'optional' })
    const table = costTable(readPlan(resources))
    const [line = 'no line'] = /^\| second factors .*$/m.exec(table) ?? []
    // Columns are as wide as the table that they are in.
    const cellsOf = (text: string) => text.replaceAll(/ +/g, ' ')

    expect(cellsOf(page)).toContain(cellsOf(line))
    expect(costTable(plan)).not.toContain('second factors')
  })

  test('says what a sandbox costs at rest', async () => {
    const cost = costOf(0, readPlan((await synthesise()).resources))
    const dollars = Object.values(cost).reduce((sum, item) => sum + item, 0)

    expect(page).toContain(`at rest it costs its key, $${dollars.toFixed(2)}.`)
  })

  test('is what the command prints', async () => {
    const run = promisify(execFile)(process.execPath, ['infra/command-line/latchkey.cjs', 'cost', '-c', 'stage=prod'], {
      cwd: root,
    })

    expect(page).toContain((await run).stdout)
  })
})

describe("a stack of the owner's", () => {
  const templateOf = async (ids: readonly string[]) => {
    await ensureBundled()
    const app = templateApp()
    const stack = new Stack(app, 'Shop')
    const owners = { handler: 'index.handler', runtime: Runtime.NODEJS_24_X, code: Code.fromInline('0') }
    new CdkFunction(stack, 'my-login', { ...owners, memorySize: 4096 })
    for (const id of ids) {
      new TokenAuth(stack, id).addAuthRoutes(new HttpApi(stack, `${id}Api`))
    }
    return app.synth().getStackArtifact('Shop').template.Resources
  }

  test('is read as ours is, whatever it is called and what else is in it', async () => {
    const { resources } = await synthesise({ stage: 'prod' })

    expect({ ...readPlan(await templateOf(['Auth'])), metrics: 0 }).toEqual({ ...readPlan(resources), metrics: 0 })
  })

  test('with two of them is refused in a sentence', async () => {
    const resources = await templateOf(['Customers', 'Staff'])

    expect(() => readPlan(resources)).toThrow('The stack has several functions login')
  })

  test('is read from the file of its template', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'latchkey-cost-')), 'Shop.template.json')
    writeFileSync(file, JSON.stringify({ Resources: await templateOf(['Auth']) }))
    const line = ['infra/command-line/latchkey.cjs', 'cost', '--template', file]

    expect((await promisify(execFile)(process.execPath, line, { cwd: root })).stdout).toContain('| **all**')
  })
})

test('--json prints the same for programs', async () => {
  const run = promisify(execFile)(process.execPath, ['infra/command-line/latchkey.cjs', 'cost', '--json'], {
    cwd: root,
  })
  const [atRest, ...others] = JSON.parse((await run).stdout)

  expect(atRest).toMatchObject({ calls: 0, usd: { 'signing keys': 1 }, total_usd: 1 })
  expect(others).toMatchObject([{ calls: 1_000_000 }, { calls: 100_000_000 }])
})

test.each([
  [['-c', 'stage=production'], 'stage: sandbox or prod, not "production"', 1],
  [['-c', 'stage'], '-c takes SETTING=VALUE, not stage.', 2],
  [['--mails', 'many'], '--mails takes a whole number of mails a month, not many.', 2],
  [['--mails', '10'], '--mails goes only together with mail: -c emailFrom=ADDRESS, or the prop email.', 2],
  [
    ['--totp-logins', 'all', '-c', 'secondFactor=optional'],
    '--totp-logins takes a whole number of log-ins a month, not all.',
    2,
  ],
  [['--totp-logins', '10'], '--totp-logins goes only together with secondFactor=optional or required.', 2],
  [['--template', 'package.json', '-c', 'stage=prod'], '--template or -c, not both', 2],
  [['--template', 'README.md'], 'README.md is no template: take one of cdk.out, as npx cdk synth writes it.', 1],
  [['--template', 'package.json'], 'The stack has no log-in, so its cost cannot be estimated.', 1],
  [['--stage', 'prod'], 'Unknown option --stage.', 2],
])('a line that cannot be understood is refused in a sentence: %j', async (args, refusal, code) => {
  const run = promisify(execFile)(process.execPath, ['infra/command-line/latchkey.cjs', 'cost', ...args], { cwd: root })

  await expect(run).rejects.toMatchObject({ code, stdout: '', stderr: expect.stringContaining(refusal) })
})
