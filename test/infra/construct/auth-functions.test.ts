import { describe, expect, test } from '@jest/globals'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Function as CdkFunction } from 'aws-cdk-lib/aws-lambda'
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { readEnv } from '../../../functions/adapters/environment/environment.ts'
import {
  passkeyVariables,
  secondFactorVariables,
  totpSecretVariables,
} from '../../../functions/adapters/environment/variables.ts'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import { createAuthFunctions } from '../../../infra/construct/auth-functions.ts'
import { passkeys, secondFactor, sendingMail, totpSecrets } from '../../../infra/construct/environment.ts'
import { FactorKey } from '../../../infra/construct/factors/factor-key.ts'
import { createRelyingParty } from '../../../infra/construct/factors/relying-party.ts'
import { defineFunction, type FunctionSpec } from '../../../infra/construct/function-spec.ts'
import { functionsIn } from '../../../infra/construct/lambda-function.ts'
import { MailSender } from '../../../infra/construct/mail/mail-sender.ts'
import { createAlarms } from '../../../infra/construct/monitoring/alarms.ts'
import { readSettings } from '../../../infra/construct/settings/settings.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import { templateApp } from '../../support/builders/template-app.ts'

type Statement = {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}
type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

const texts = 'arn:aws:lambda:eu-central-1:123456789012:function:texts'
const emailFrom = 'no-reply@example.com'

// The code of the smallest function stands for that of all.
const spec = (id: string, members: Partial<FunctionSpec> = {}): FunctionSpec => ({
  ...defineFunction<never>({ name: 'me', description: id, timeout: 5, environment: () => ({}) }),
  id,
  ...members,
})

const authorizer = spec('authorizer', { provides: 'authorizer' })
const admin = spec('admin', { provides: 'admin', invokes: ['mail'] })
const mail = spec('mail', {
  provides: 'mail',
  isWanted: (settings) => settings.emailFrom !== undefined,
  sendsMail: true,
  invokes: ['mailHook', 'migration'],
  eventAge: 600,
  environment: sendingMail,
  table: { GetItem: ['recoverCodes'], UpdateItem: ['registerCodes', 'emailCodes', 'mailCounts'] },
  alarms: [
    { id: 'MailErrors', on: 'errors', says: 'A mail could not be sent.' },
    { id: 'MailsLost', on: 'dropped events', says: 'A mail was given up.' },
  ],
})
const migration = spec('migration', { provides: 'migration', isWanted: (settings) => settings.migration !== undefined })
const recover = spec('recover', {
  invokes: ['mail'],
  environment: ({ invoked }) => ({ MAIL_FUNCTION: invoked.mail?.functionName ?? '-' }),
})

const destroyed = { removalPolicy: RemovalPolicy.DESTROY } as const

/** Functions of these specs beside a `TokenAuth` of its own, which lends its table and keys, with a sender of their own. */
async function setUp(specs: readonly FunctionSpec[], given: Readonly<Record<string, unknown>> = { emailFrom }) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop')
  const { emailFrom: from, emailReplyTo: replyTo } = given as { emailFrom?: string; emailReplyTo?: string }
  const auth = new TokenAuth(stack, 'Auth')
  const lender = new Construct(stack, 'Lender')
  const sender = from ? new MailSender(lender, { from, replyTo, ...destroyed }) : undefined
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))
  const scope = new Construct(stack, 'Tested')
  const { issuer, audience, table } = auth
  const settings = readSettings(given)
  const factorKey = settings.secondFactor === 'off' ? undefined : new FactorKey(lender, 'FactorKey', destroyed)
  const parts = {
    ...{ issuer, audience, table, mail: sender, settings, factorKey },
    relyingParty: createRelyingParty({ ...settings, domainName: undefined }),
    keys: { jwks: '', signingKeyId: '', signingKid: '', grantSign: () => undefined },
    resources: { environment: { RESOURCES: '[]' }, paths: { RESOURCE_PATHS: '{}' } },
    rules: { environment: { ROUTE_RULES: '-', WEBSOCKET_QUERY_TOKEN: 'false' } },
  }
  const mailHook = CdkFunction.fromFunctionAttributes(stack, 'Texts', { functionArn: texts, skipPermissions: true })
  const retention = { logRetention: 30, ...destroyed } as const
  createAuthFunctions(scope, specs, parts, { mailHook }, retention)
  createAlarms(scope, auth, functionsIn(scope), undefined)

  const all: Readonly<Record<string, Resource>> = app.synth().getStackArtifact('Shop').template.Resources
  const resources = Object.entries(all).filter(([id]) => id.startsWith('Tested'))
  const of = (type: string) => resources.filter(([, { Type }]) => Type === type)
  const named = (id: string) => expect.stringMatching(new RegExp(`^Tested${id}[0-9A-F]{8}$`))
  return {
    of,
    arnOf: (id: string) => ({ 'Fn::GetAtt': [named(id), 'Arn'] }),
    refOf: (id: string) => ({ Ref: named(id) }),
    variablesOf: (id: string) =>
      of('AWS::Lambda::Function')
        .filter(([logical]) => logical.startsWith(`Tested${id}`))
        .map(([, { Properties }]) => Object(Properties['Environment']).Variables),
    statementsOf: (id: string, service: string): readonly Statement[] =>
      of('AWS::IAM::Policy')
        .filter(([logical]) => logical.startsWith(`Tested${id}role`))
        .flatMap(([, { Properties }]) => Object(Properties['PolicyDocument']).Statement as Statement[])
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith(service))),
  }
}

// REQ-137, REQ-159
describe('the function that sends mails', () => {
  test('is the only one that may, from one address', async () => {
    const { statementsOf } = await setUp([authorizer, admin, mail, recover])

    expect(statementsOf('mail', 'ses:')).toEqual([
      expect.objectContaining({
        Action: 'ses:SendEmail',
        Condition: { StringEquals: { 'ses:FromAddress': emailFrom } },
      }),
    ])
    expect(['authorizer', 'admin', 'recover'].flatMap((id) => statementsOf(id, 'ses:'))).toEqual([])
  })

  test('may be invoked by functions whose specs say so, which know its name', async () => {
    const { statementsOf, variablesOf, arnOf, refOf } = await setUp([authorizer, admin, mail, recover])
    const invoked = (id: string) => statementsOf(id, 'lambda:').map(({ Resource }) => [Resource].flat()[0])

    expect(invoked('recover')).toEqual([arnOf('mail')])
    expect(invoked('admin')).toEqual([arnOf('mail')])
    expect(invoked('authorizer')).toEqual([])
    expect(variablesOf('recover')).toEqual([{ MAIL_FUNCTION: refOf('mail') }])
  })

  test('may invoke the texts of the owner, and the function that asks the old system where there is one', async () => {
    const old = { emailFrom, migration: 'arn:aws:lambda:eu-central-1:123456789012:function:old-users' }
    const invokedBy = async (given: object) => {
      const { statementsOf, arnOf } = await setUp([authorizer, admin, mail, migration], { ...given })
      return [statementsOf('mail', 'lambda:').map(({ Resource }) => [Resource].flat()[0]), arnOf('migration')]
    }

    const [without] = await invokedBy({ emailFrom })
    const [both, migrate] = await invokedBy(old)
    expect(without).toEqual([texts])
    expect(both).toEqual([texts, migrate])
  })

  test('knows sender, reply address, configuration set and the name of the service', async () => {
    const given = { emailFrom, emailReplyTo: 'help@example.com', serviceName: 'Shop' }
    const configured = await setUp([authorizer, admin, mail], given)
    const plain = await setUp([authorizer, admin, mail])
    const set = { Ref: expect.stringMatching(/^LenderMailConfigurationSet/) }

    expect(configured.variablesOf('mail')).toEqual([
      {
        MAIL_FROM: emailFrom,
        MAIL_REPLY_TO: 'help@example.com',
        MAIL_CONFIGURATION_SET: set,
        SERVICE_NAME: 'Shop',
      },
    ])
    expect(plain.variablesOf('mail')).toMatchObject([{ MAIL_REPLY_TO: '-', SERVICE_NAME: 'Latchkey' }])
  })

  test('touches codes by their purpose and the counts of mails, and no other counts', async () => {
    const { statementsOf } = await setUp([authorizer, admin, mail])
    const keysOf = ({ Action, Condition }: Statement) => [
      Action,
      Object(Condition)['ForAllValues:StringLike']['dynamodb:LeadingKeys'],
    ]

    expect(statementsOf('mail', 'dynamodb:').map(keysOf)).toEqual([
      ['dynamodb:GetItem', ['CODE#recover#*']],
      ['dynamodb:UpdateItem', ['CODE#register#*', 'CODE#email#*', 'THROTTLE#MAIL#*']],
    ])
  })

  // REQ-168
  test('is tried again for as long as its code is good, without a queue for what failed', async () => {
    const { of } = await setUp([authorizer, admin, mail])
    const configs = of('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties)

    expect(configs).toEqual([
      { FunctionName: expect.anything(), MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 2, Qualifier: '$LATEST' },
    ])
    expect(of('AWS::SQS::Queue')).toEqual([])
  })

  // REQ-168
  test('raises an alarm when it fails and when Lambda gives a mail up', async () => {
    const { of } = await setUp([authorizer, admin, mail])
    const alarms = of('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties)
    const ofFunctions = alarms.filter(({ Namespace }) => Namespace === 'AWS/Lambda')

    expect(ofFunctions.map(({ MetricName, Statistic, Threshold }) => [MetricName, Statistic, Threshold])).toEqual([
      ['Errors', 'Sum', 1],
      ['AsyncEventsDropped', 'Sum', 1],
    ])
  })

  test('is not there without a sender, and those that would invoke it have a dash for its name', async () => {
    const { statementsOf, variablesOf } = await setUp([authorizer, admin, mail, recover], {})

    expect(variablesOf('mail')).toEqual([])
    expect(statementsOf('recover', 'lambda:')).toEqual([])
    expect(variablesOf('recover')).toEqual([{ MAIL_FUNCTION: '-' }])
  })

  test.each<[string, readonly FunctionSpec[], object, string]>([
    [
      'wanted where there is no sender',
      [spec('mail', { provides: 'mail', sendsMail: true })],
      {},
      'me sends mails, so it is wanted only where emailFrom is set.',
    ],
    [
      'there twice',
      [mail, spec('other', { provides: 'mail' })],
      { emailFrom },
      'These settings ask for 2 functions as mail.',
    ],
    [
      'not the only one that sends',
      [mail, spec('other', { sendsMail: true })],
      { emailFrom },
      'another function sends',
    ],
  ])('is refused if it is %s', async (_, specs, given, message) => {
    await expect(setUp([authorizer, admin, ...specs], { ...given })).rejects.toThrow(message)
  })
})

// REQ-137, REQ-170
describe('TOTP secrets', () => {
  const asking = spec('asking', {
    totpSecrets: ['decrypt'],
    environment: (parts) => ({ ...secondFactor(parts.settings), ...totpSecrets(parts), ...passkeys(parts) }),
  })
  const enrolling = spec('enrolling', { totpSecrets: ['encrypt', 'decrypt'] })
  const specs = [authorizer, admin, asking, enrolling]
  const key = { 'Fn::GetAtt': [expect.stringMatching(/^LenderFactorKey[0-9A-F]{8}$/), 'Arn'] }

  test('are read and written by the functions whose specs say so, each bound to one subject, and by no other', async () => {
    const { statementsOf } = await setUp(specs, { secondFactor: 'optional' })
    const may = (Action: string) => ({
      Action,
      Effect: 'Allow',
      Resource: key,
      Condition: {
        'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['sub'] },
        Null: { 'kms:EncryptionContextKeys': 'false' },
      },
    })

    expect(statementsOf('asking', 'kms:')).toEqual([may('kms:Decrypt')])
    expect(statementsOf('enrolling', 'kms:')).toEqual([may('kms:Encrypt'), may('kms:Decrypt')])
    expect([...statementsOf('authorizer', 'kms:'), ...statementsOf('admin', 'kms:')]).toEqual([])
  })

  test('are nowhere without second factors, and there is no key', async () => {
    const { statementsOf, variablesOf } = await setUp(specs, {})

    expect([...statementsOf('asking', 'kms:'), ...statementsOf('enrolling', 'kms:')]).toEqual([])
    expect(variablesOf('asking')).toEqual([
      { SECOND_FACTOR: 'off', FACTOR_KEY_ID: '-', RP_ID: '-', PASSKEY_ORIGINS: '-' },
    ])
  })

  test.each<[string, object, object]>([
    ['as little as possible', { secondFactor: 'optional' }, { SECOND_FACTOR: 'optional', RP_ID: '-' }],
    [
      'everything',
      { secondFactor: 'required', rpId: 'example.com', passkeyOrigins: 'https://a.example.com, https://b.example.com' },
      {
        SECOND_FACTOR: 'required',
        RP_ID: 'example.com',
        PASSKEY_ORIGINS: 'https://a.example.com https://b.example.com',
      },
    ],
  ])('and passkeys reach a function as it reads them: %s', async (_, given, variables) => {
    const { variablesOf } = await setUp(specs, { ...given })
    const [found] = variablesOf('asking')

    expect(found).toMatchObject({
      ...variables,
      FACTOR_KEY_ID: { Ref: expect.stringMatching(/^LenderFactorKey[0-9A-F]{8}$/) },
    })
    const names = { ...secondFactorVariables, ...totpSecretVariables, ...passkeyVariables }
    expect(readEnv(names, { ...found, FACTOR_KEY_ID: 'key' })).toMatchObject({ FACTOR_KEY_ID: 'key' })
  })
})
