import { describe, expect, test } from '@jest/globals'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Function as CdkFunction } from 'aws-cdk-lib/aws-lambda'
import { HostedZone, type IHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53'
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses'
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../../infra/build/ensure-bundled.ts'
import type { EmailOptions } from '../../../infra/construct/mail/email-options.ts'
import { TokenAuth } from '../../../infra/construct/token-auth.ts'
import type { TokenAuthProps } from '../../../infra/construct/token-auth-props.ts'
import { templateApp } from '../../support/builders/template-app.ts'

type Resource = {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

const env = { account: '123456789012', region: 'eu-central-1' }
const from = 'no-reply@example.com'
const arnOf = (name: string, { account, region } = env) => `arn:aws:ses:${region}:${account}:identity/${name}`

type Props = Omit<TokenAuthProps, 'email'> & { readonly email?: (stack: Stack) => Partial<EmailOptions> }

/** A stack of a user's own with a `TokenAuth` that mails from no-reply@example.com, or what a test wants instead. */
async function setUp(
  { email = () => ({}), ...props }: Props = {},
  { zone }: { zone?: (stack: Stack) => IHostedZone } = {},
) {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop', { env })
  const certificate = Certificate.fromCertificateArn(
    stack,
    'Certificate',
    'arn:aws:acm:eu-central-1:123456789012:certificate/abc',
  )
  const auth = new TokenAuth(stack, 'Auth', {
    ...props,
    ...(zone && { domain: { name: 'auth.example.com', certificate, hostedZone: zone(stack) } }),
    email: { from, ...email(stack) },
  })
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))
  const template = () => app.synth().getStackArtifact('Shop').template
  const of = (type: string) => Object.values<Resource>(template().Resources).filter(({ Type }) => Type === type)
  return {
    ...{ stack, auth, of },
    outputs: () => template().Outputs as Readonly<Record<string, { Value: unknown; Description: string }>>,
    dkimRecords: () => of('AWS::Route53::RecordSet').filter(({ Properties }) => Properties['Type'] === 'CNAME'),
  }
}

const byId = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}`))

describe('without an identity', () => {
  test('one is made for the domain of the sender', async () => {
    const { of } = await setUp()

    expect(of('AWS::SES::EmailIdentity').map(({ Properties }) => Properties)).toEqual([
      { EmailIdentity: 'example.com' },
    ])
  })

  test('and outputs say which records to make for it, and how to see whether SES is in its sandbox', async () => {
    const { outputs, dkimRecords } = await setUp()
    const said = Object.entries(outputs()).filter(([name]) => /Dkim|Mail/.test(name))
    const token = (name: string) => ({ 'Fn::GetAtt': [byId('AuthMailIdentity'), name] })

    expect(dkimRecords()).toEqual([])
    expect(said).toEqual([
      ...[1, 2, 3].map((number) => [
        byId(`AuthDkimRecord${number}`),
        {
          Description: 'One of three DNS records to make: until all are there, no mail is sent from example.com',
          Value: {
            'Fn::Join': ['', [token(`DkimDNSTokenName${number}`), ' CNAME ', token(`DkimDNSTokenValue${number}`)]],
          },
        },
      ]),
      [
        byId('AuthMailProductionAccess'),
        {
          Description:
            'While this command says false, SES mails verified addresses only: ask for production access (docs/mail.md)',
          Value: 'aws sesv2 get-account --region eu-central-1 --query ProductionAccessEnabled',
        },
      ],
    ])
  })

  test.each<[string, (stack: Stack) => IHostedZone, string, string]>([
    ['that is its own', (stack) => new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }), from, 'email'],
    ['known by its id', (stack) => HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789'), from, 'email'],
    [
      'of the domain, which its name shows to contain the sender',
      (stack) => new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
      from,
      'domain',
    ],
    [
      'of the domain, known by its id, where the sender is below the domain',
      (stack) => HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789'),
      'no-reply@mail.auth.example.com',
      'domain',
    ],
  ])('its three records are made in a zone %s', async (_, zone, sender, of) => {
    const { dkimRecords, outputs } = await setUp(
      { email: (stack) => ({ from: sender, ...(of === 'email' && { hostedZone: zone(stack) }) }) },
      of === 'domain' ? { zone } : {},
    )

    expect(dkimRecords().map(({ Properties: { Name, ResourceRecords } }) => [Name, ResourceRecords])).toEqual(
      [1, 2, 3].map((number) => [
        { 'Fn::GetAtt': [byId('AuthMailIdentity'), `DkimDNSTokenName${number}`] },
        [{ 'Fn::GetAtt': [byId('AuthMailIdentity'), `DkimDNSTokenValue${number}`] }],
      ]),
    )
    expect(Object.keys(outputs()).filter((name) => name.includes('Dkim'))).toEqual([])
  })

  test.each<[string, (stack: Stack) => IHostedZone]>([
    ['cannot contain them', (stack) => new PublicHostedZone(stack, 'Zone', { zoneName: 'auth.example.com' })],
    ['is known by its id, so might not', (stack) => HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789')],
  ])('no record is made in the zone of the domain if that %s', async (_, zone) => {
    const { dkimRecords, outputs } = await setUp({}, { zone })

    expect(dkimRecords()).toEqual([])
    expect(Object.keys(outputs()).filter((name) => name.includes('Dkim'))).toHaveLength(3)
  })

  // REQ-199
  test.each([
    ['outlive the stack', {}, 'RetainExceptOnCreate', 'Retain'],
    ['go with a stack that is to go', { removalPolicy: RemovalPolicy.DESTROY }, 'Delete', 'Delete'],
  ])('identity and records %s', async (_, props, left, replaced) => {
    const hostedZone = (stack: Stack) => HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789')
    const { of, dkimRecords } = await setUp({ ...props, email: (stack) => ({ hostedZone: hostedZone(stack) }) })
    const fates = [...of('AWS::SES::EmailIdentity'), ...dkimRecords()].map((resource) => [
      resource.DeletionPolicy,
      resource.UpdateReplacePolicy,
    ])

    expect(fates).toEqual(Array(4).fill([left, replaced]))
  })
})

describe('an identity of the account', () => {
  test.each([arnOf('example.com'), arnOf(from)])('is used as it is, and nothing about it is made: %s', async (arn) => {
    const { auth, of, outputs } = await setUp({
      email: (stack) => ({ identity: EmailIdentity.fromEmailIdentityArn(stack, 'Identity', arn) }),
    })

    expect(of('AWS::SES::EmailIdentity')).toEqual([])
    expect(of('AWS::SES::ConfigurationSet')).toHaveLength(1)
    expect(auth.mail?.identity.emailIdentityArn).toBe(arn)
    expect(Object.keys(outputs()).filter((name) => name.includes('Dkim'))).toEqual([])
  })

  test('may be of a domain above, or made by the same app', async () => {
    const { of } = await setUp({
      email: (stack) => ({
        from: 'no-reply@mail.example.com',
        identity: new EmailIdentity(stack, 'Identity', { identity: Identity.domain('example.com') }),
      }),
    })

    expect(of('AWS::SES::EmailIdentity')).toHaveLength(1)
  })
})

// REQ-167
describe('the configuration set', () => {
  test('asks for TLS, suppresses addresses that bounced or complained, and tracks nothing', async () => {
    const { of } = await setUp()

    expect(of('AWS::SES::ConfigurationSet').map(({ Properties }) => Properties)).toEqual([
      {
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
        ReputationOptions: { ReputationMetricsEnabled: true },
        SendingOptions: { SendingEnabled: true },
        SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      },
    ])
  })

  test('counts mails in CloudWatch, without a function, by its own name', async () => {
    const { auth, stack, of } = await setUp()
    const name = { Ref: byId('AuthMailConfigurationSet') }

    expect(of('AWS::SES::ConfigurationSetEventDestination').map(({ Properties }) => Properties)).toEqual([
      {
        ConfigurationSetName: name,
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ['send', 'bounce', 'complaint', 'reject', 'deliveryDelay'],
          CloudWatchDestination: {
            DimensionConfigurations: [
              {
                DimensionName: 'ses:configuration-set',
                DimensionValueSource: 'messageTag',
                DefaultDimensionValue: name,
              },
            ],
          },
        },
      },
    ])
    const metrics = [auth.mail?.metricMails(), auth.mail?.metricBounces(), auth.mail?.metricComplaints()]
    expect(metrics.map((metric) => [metric?.namespace, metric?.metricName, metric?.statistic])).toEqual(
      ['Send', 'Bounce', 'Complaint'].map((metricName) => ['AWS/SES', metricName, 'Sum']),
    )
    for (const metric of metrics) {
      expect(stack.resolve(metric?.dimensions)).toEqual({ 'ses:configuration-set': name })
    }
  })
})

// REQ-137
describe('the right to send', () => {
  test('is one action, for this sender, identity and configuration set', async () => {
    const { of } = await setUp({
      email: (scope) => ({ identity: EmailIdentity.fromEmailIdentityArn(scope, 'Identity', arnOf('example.com')) }),
    })
    const granted = of('AWS::IAM::Policy').flatMap(({ Properties }) =>
      Object(Properties['PolicyDocument'])
        .Statement.filter(({ Action }: { Action: unknown }) => `${Action}`.includes('ses:'))
        .map((statement: object) => [Properties['PolicyName'], statement]),
    )

    expect(granted).toEqual([
      [
        expect.stringMatching(/^Authmailrole/),
        {
          Effect: 'Allow',
          Action: 'ses:SendEmail',
          Resource: [
            arnOf('example.com'),
            {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':ses:eu-central-1:123456789012:configuration-set/',
                  { Ref: byId('AuthMailConfigurationSet') },
                ],
              ],
            },
          ],
          Condition: { StringEquals: { 'ses:FromAddress': from } },
        },
      ],
    ])
  })

  test('goes to one function only', async () => {
    const { stack, auth } = await setUp()
    const role = new Role(stack, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })

    expect(() => auth.mail?.grantSend(role)).toThrow('another function sends the mails already')
  })
})

// REQ-140
describe('a sender that cannot be is refused in one sentence', () => {
  const inRegion = (region: string) => arnOf('example.com', { ...env, region })

  test.each<[string, (stack: Stack) => Partial<EmailOptions>, string]>([
    [
      'a name beside the address',
      () => ({ from: 'Shop <no-reply@example.com>' }),
      'emailFrom: an e-mail address such as no-reply@example.com, without a name beside it, its domain in lower case, not "Shop <no-reply@example.com>"',
    ],
    [
      'an identity of another domain',
      (stack) => ({ identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.org') }),
      'email.identity: the identity of emailFrom, of its domain or of a domain above it, not example.org',
    ],
    [
      'an identity that this app makes for another domain',
      (stack) => ({ identity: new EmailIdentity(stack, 'Identity', { identity: Identity.domain('example.org') }) }),
      'email.identity: the identity of emailFrom, of its domain or of a domain above it, not example.org',
    ],
    [
      'an identity of another Region',
      (stack) => ({ identity: EmailIdentity.fromEmailIdentityArn(stack, 'Identity', inRegion('us-east-1')) }),
      'email.identity: an identity in the account and Region of the stack, not one in us-east-1 of account 123456789012',
    ],
    [
      'a zone that cannot contain the records',
      (stack) => ({ hostedZone: new PublicHostedZone(stack, 'Zone', { zoneName: 'example.org' }) }),
      'email.hostedZone: a zone that can contain example.com, not example.org',
    ],
    [
      'a zone for an identity that has its records already',
      (stack) => ({
        identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.com'),
        hostedZone: new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
      }),
      'email.hostedZone: left out beside an identity, whose records are there already',
    ],
  ])('%s', async (_, email, sentence) => {
    await expect(setUp({ email })).rejects.toThrow(`Invalid settings:\n  ${sentence}`)
  })
})

test('mails that would call the service Latchkey are warned of where accounts are meant to last', async () => {
  const warningsOf = async (props: Props) => {
    const { stack } = await setUp({ issuer: 'https://auth.example.com', ...props })
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
  }
  const [lasting, passing, named] = [
    await warningsOf({}),
    await warningsOf({ removalPolicy: RemovalPolicy.DESTROY }),
    await warningsOf({ serviceName: 'Shop' }),
  ]

  expect(lasting.map(({ entry }) => entry.data)).toEqual([
    'serviceName is not set, so mails call your service Latchkey: set the name that people know. [ack: latchkey:serviceName]',
  ])
  expect([passing, named]).toEqual([[], []])
})

test('a hook is a function of the owner, whatever makes it', async () => {
  const hook = 'arn:aws:lambda:eu-central-1:123456789012:function:texts'
  const { of } = await setUp({ email: (stack) => ({ hook: CdkFunction.fromFunctionArn(stack, 'Texts', hook) }) })

  expect(of('AWS::SES::EmailIdentity')).toHaveLength(1)
})

test('without `email` nothing about mail is in the template but that no function mails', async () => {
  await ensureBundled()
  const app = templateApp()
  const stack = new Stack(app, 'Shop', { env })
  const auth = new TokenAuth(stack, 'Auth')
  auth.addAuthRoutes(new HttpApi(stack, 'Api'))

  const template = JSON.stringify(app.synth().getStackArtifact('Shop').template).replaceAll('"MAIL_FUNCTION":"-"', '')

  expect(auth.mail).toBeUndefined()
  expect([...template.matchAll(/AWS::SES|AWS\/SES|ses:SendEmail|mail|Dkim|EventInvokeConfig/gi)]).toEqual([])
})
