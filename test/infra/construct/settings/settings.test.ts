import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { issuerUrl } from '../../../../functions/adapters/environment/environment.ts'
import { readSettings } from '../../../../infra/construct/settings/settings.ts'

const defaults = {
  stage: 'sandbox',
  clients: ['web'],
  scopes: [],
  serviceName: 'Latchkey',
  accessTokenLifetime: 900,
  refreshGrace: 60,
  sessionIdleLimit: 2_592_000,
  sessionLimit: 7_776_000,
  sessionsPerUser: 50,
  revocation: 'lifetime',
  authorizer: 'lambda',
  authorizerCache: 60,
  selfRegistration: false,
  claimsAtRefresh: false,
  secondFactor: 'off',
  passkeyOrigins: [],
  clientsByUrl: [],
  minimumPasswordLength: 15,
  accountFailures: 10,
  addressFailures: 1000,
  loginConcurrency: 0,
  generations: [{ name: '1', keySpec: 'RSA_2048' }],
  resources: [],
  signInPages: false,
  registeredClients: [],
  signingGeneration: '1',
  retire: [],
  deletionProtection: false,
  corsOrigins: [],
  corsMethods: ['GET', 'POST', 'DELETE'],
  corsHeaders: ['authorization', 'content-type'],
  logRetention: 30,
}

const emailFrom = 'no-reply@example.com'

const plainAddress =
  'an e-mail address such as no-reply@example.com, without a name beside it, its domain in lower case'

const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/abc'

function refusalOf(context: Readonly<Record<string, unknown>>): string {
  try {
    return `accepted: ${JSON.stringify(readSettings(context))}`
  } catch (error) {
    return error instanceof Error ? error.message : 'not an Error'
  }
}

describe('settings', () => {
  // REQ-31, REQ-59
  test('may all be left out', () => {
    expect(readSettings({})).toEqual(defaults)
  })

  test("leave names that are CDK's own alone", () => {
    const context = {
      'cli-telemetry': false,
      '@aws-cdk/core:checkSecretUsage': true,
      'aws:cdk:bundling-stacks': ['**'],
    }

    expect(readSettings(context)).toEqual(defaults)
  })

  test('are the same as text of -c and as JSON of cdk.json', () => {
    const text = {
      accessTokenLifetime: '60',
      selfRegistration: 'true',
      clients: 'web, cli',
      scopes: 'orders:read orders:write',
      corsOrigins: '',
    }
    const json = {
      accessTokenLifetime: 60,
      selfRegistration: true,
      clients: ['web', 'cli'],
      scopes: ['orders:read', 'orders:write'],
      corsOrigins: [],
      corsMethods: ['GET', 'POST', 'DELETE'],
      corsHeaders: ['authorization', 'content-type'],
    }

    expect(readSettings(text)).toEqual({ ...defaults, ...json })
    expect(readSettings(json)).toEqual({ ...defaults, ...json })
  })

  test('sign with the first generation until told otherwise', () => {
    const generations = ['2026-11', '2027-05']

    expect(readSettings({ generations })).toMatchObject({ signingGeneration: '2026-11' })
    expect(readSettings({ generations, signingGeneration: '2027-05' })).toMatchObject({ signingGeneration: '2027-05' })
  })
})

// REQ-140
describe('a bad setting', () => {
  const allowed = {
    stage: 'sandbox or prod',
    name: '1 to 32 letters, digits and dashes, the first one a letter',
    account: 'the 12 digits of an AWS account',
    region: 'an AWS Region such as eu-central-1',
    domainName: 'a domain name such as auth.example.com, in lower case, without scheme, path, * or dot at the end',
    certificateArn: 'the ARN of a certificate in AWS Certificate Manager',
    hostedZoneId: 'the id of a hosted zone in Route 53, such as Z0123456789ABCDEFGHIJ',
    issuer: 'an https URL without query, fragment or trailing slash (http only for localhost)',
    audience: '1 to 256 printable characters, neither first nor last a space',
    clients: '1 to 50 different client ids without white space, quotes or commas, 1,000 characters in all',
    scopes: '0 to 50 different scopes without white space, quotes or commas, 1,000 characters in all',
    serviceName: '1 to 64 printable characters, neither first nor last a space',
    accessTokenLifetime: 'whole seconds from 60 to 3600',
    refreshGrace: 'whole seconds from 0 to 3600, or until-used',
    sessionIdleLimit: 'whole seconds from 60 to 31536000',
    sessionLimit: 'whole seconds from 60 to 31536000',
    sessionsPerUser: 'an integer from 1 to 200',
    revocation: 'lifetime or immediate',
    authorizer: 'lambda or native',
    authorizerCache: 'whole seconds from 0 to 3600',
    selfRegistration: 'true or false',
    migration: 'the ARN of a Lambda function, without a version or with an alias',
    emailFrom: plainAddress,
    emailReplyTo: plainAddress,
    emailIdentityArn: 'the ARN of an identity in Amazon SES, an address or a domain',
    mailHook: 'the ARN of a Lambda function, without a version or with an alias',
    claims: 'the ARN of a Lambda function, without a version or with an alias',
    claimsAtRefresh: 'true or false',
    secondFactor: 'off or optional or required',
    rpId: 'a domain name such as example.com, in lower case, without scheme or port, no public suffix such as co.uk',
    passkeyOrigins:
      'different origins such as https://app.example.com, or http://localhost:5173 for npm start, without path or IP address',
    resources:
      'at most 20 different https URLs (http only for localhost) without query, fragment, user, quote, comma or space, or ' +
      'objects of such a url and its scopes; 1,000 characters in all',
    signInPages: 'true or false',
    clientsByUrl: 'off, all, or 1 to 20 different hosts such as agent.example.com, in lower case',
    logo: 'the path of an SVG or PNG file of at most 32 KB, from the working directory',
    accentColor: 'a colour as #rrggbb whose contrast to white is at least 4.5:1, so that links can be read',
    minimumPasswordLength: 'an integer from 8 to 256',
    accountFailures: 'an integer from 0 to 50',
    addressFailures: 'an integer from 0 to 1000000',
    viewerAddress:
      'an object (or its JSON) with header, another secretHeader, and secretHash, the SHA-256 of a secret in lower-case hex',
    loginConcurrency: 'an integer from 0 to 1000',
    generations:
      '1 to 4 different names of letters, digits and dashes, each with its kind of key if it is not RSA_2048, such as 2:RSA_3072',
    signingGeneration: 'one of the generations',
    retire: 'different names of generations, of letters, digits and dashes, or domain names',
    deletionProtection: 'true or false',
    corsOrigins: 'different origins such as https://app.example.com (http only for localhost), never *',
    corsMethods: 'methods, of GET, HEAD, POST, PUT, PATCH and DELETE',
    corsHeaders: 'names of headers, without *',
    logRetention:
      'days as CloudWatch keeps logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, ' +
      '2557, 2922, 3288, 3653, or 9999 forever',
    alarmEmail: 'an e-mail address',
  }

  test.each<[keyof typeof allowed, unknown]>([
    ['stage', 'production'],
    ['stage', null],
    ['issuer', 'http://auth.example.com'],
    ['issuer', 'https://auth.example.com/'],
    ['issuer', ''],
    ['audience', ''],
    ['audience', 'a\nb'],
    ['clients', ''],
    ['clients', []],
    ['clients', ['web', 'web']],
    ['clients', ['a b']],
    ['clients', '-'],
    ['clients', ['web', 7]],
    ['scopes', '["orders:read"]'],
    ['scopes', Array.from({ length: 51 }, (_, index) => `s${index}`)],
    ['scopes', Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(60, 's'))],
    ['name', '1st'],
    ['name', 'a_b'],
    ['account', '12345'],
    ['region', 'Frankfurt'],
    ['domainName', '*.example.com'],
    ['domainName', 'https://auth.example.com'],
    ['domainName', 'auth.example.com/'],
    ['domainName', 'auth.example.com.'],
    ['domainName', 'Auth.example.com'],
    ['domainName', 'localhost'],
    ['domainName', '192.0.2.1'],
    ['domainName', 'auth_1.example.com'],
    ['domainName', '-a.example.com'],
    ['domainName', 'a.example.com:8443'],
    ['domainName', 'bücher.example'],
    ['domainName', `${'a'.repeat(64)}.example.com`],
    ['domainName', `${'a.'.repeat(120)}example.com`],
    ['certificateArn', 'abc'],
    ['certificateArn', 'arn:aws:iam::123456789012:server-certificate/abc'],
    ['hostedZoneId', 'example.com'],
    ['hostedZoneId', '/hostedzone/Z0123456789'],
    ['retire', '*.example.com'],
    ['serviceName', ' '],
    ['serviceName', 'n'.repeat(65)],
    ['accessTokenLifetime', '59'],
    ['accessTokenLifetime', 3601],
    ['accessTokenLifetime', '15m'],
    ['accessTokenLifetime', 90.5],
    ['accessTokenLifetime', true],
    ['accessTokenLifetime', ''],
    ['refreshGrace', 3601],
    ['refreshGrace', 'for ever'],
    ['refreshGrace', '-1'],
    ['sessionIdleLimit', 59],
    ['sessionIdleLimit', '30d'],
    ['sessionLimit', 31_536_001],
    ['sessionsPerUser', 0],
    ['sessionsPerUser', 201],
    ['revocation', 'never'],
    ['revocation', true],
    ['authorizer', 'none'],
    ['authorizerCache', -1],
    ['authorizerCache', '3601'],
    ['selfRegistration', 'yes'],
    ['selfRegistration', 1],
    ['migration', 'old-users'],
    ['migration', 'arn:aws:s3:::bucket'],
    ['migration', 'arn:aws:lambda:eu-central-1:123456789012:function:old-users*'],
    ['emailFrom', ''],
    ['emailFrom', 'Shop <no-reply@example.com>'],
    ['emailFrom', 'no-reply'],
    ['emailFrom', 'no-reply@localhost'],
    ['emailFrom', 'no-reply@Example.com'],
    ['emailFrom', 'no-reply@bücher.example'],
    ['emailFrom', 'a@b@example.com'],
    ['emailFrom', 'no-reply@example.com, root@example.com'],
    ['emailFrom', 'no-reply@example.com\r\nBcc: eve@example.org'],
    ['emailFrom', '*@example.com'],
    ['emailFrom', '$aws@example.com'],
    ['emailFrom', `${'a'.repeat(65)}@example.com`],
    ['emailReplyTo', 'Help <help@example.com>'],
    ['emailIdentityArn', 'example.com'],
    ['emailIdentityArn', 'arn:aws:ses:eu-central-1:123456789012:identity/*'],
    ['emailIdentityArn', 'arn:aws:ses:eu-central-1:123456789012:configuration-set/mails'],
    ['mailHook', 'texts'],
    ['claims', 'tenants'],
    ['claims', 'arn:aws:lambda:eu-central-1:123456789012:function:*'],
    ['claimsAtRefresh', 'always'],
    ['secondFactor', true],
    ['secondFactor', 'on'],
    ['rpId', ''],
    ['rpId', 'https://example.com'],
    ['rpId', 'example.com:8443'],
    ['rpId', 'example.com/'],
    ['rpId', 'example.com.'],
    ['rpId', 'Example.com'],
    ['rpId', '.example.com'],
    ['rpId', '*.example.com'],
    ['rpId', '192.0.2.1'],
    ['rpId', '[2001:db8::1]'],
    ['rpId', 'localhost'],
    ['rpId', 'com'],
    ['rpId', 'co.uk'],
    ['rpId', 'amazonaws.com'],
    ['rpId', 'execute-api.eu-central-1.amazonaws.com'],
    ['rpId', 'a.b.execute-api.eu-central-1.amazonaws.com'],
    ['rpId', 'lambda-url.eu-central-1.on.aws'],
    ['rpId', 'cloudfront.net'],
    ['passkeyOrigins', '*'],
    ['passkeyOrigins', 'app.example.com'],
    ['passkeyOrigins', 'https://app.example.com/'],
    ['passkeyOrigins', 'https://app.example.com/sign-in'],
    ['passkeyOrigins', 'https://app.example.com:443'],
    ['passkeyOrigins', 'https://App.example.com'],
    ['passkeyOrigins', 'http://app.example.com'],
    ['passkeyOrigins', 'https://192.0.2.1'],
    ['passkeyOrigins', 'http://127.0.0.1:5173'],
    ['passkeyOrigins', 'http://[::1]:5173'],
    ['passkeyOrigins', 'http://localhost.example.com'],
    ['passkeyOrigins', 'android:apk-key-hash:abc'],
    ['passkeyOrigins', ['https://app.example.com', 'https://app.example.com']],
    ['clientsByUrl', '*'],
    ['clientsByUrl', 'https://agent.example'],
    ['clientsByUrl', 'Agent.example'],
    ['clientsByUrl', 'localhost'],
    ['clientsByUrl', '127.0.0.1'],
    ['clientsByUrl', 'agent.example:443'],
    ['clientsByUrl', 'all,agent.example'],
    ['clientsByUrl', ['off', 'agent.example']],
    ['clientsByUrl', 'agent.example,agent.example'],
    ['minimumPasswordLength', 7],
    ['minimumPasswordLength', 257],
    ['accountFailures', 51],
    ['accountFailures', -1],
    ['addressFailures', 1_000_001],
    ['addressFailures', 'off'],
    ['viewerAddress', 'cloudfront-viewer-address'],
    ['viewerAddress', { header: 'a', secretHeader: 'b', secretHash: 'c' }],
    ['viewerAddress', { header: 'a', secretHeader: 'a', secretHash: '0'.repeat(64) }],
    ['viewerAddress', { header: 'a', secretHeader: 'b', secretHash: createHash('sha256').update('').digest('hex') }],
    ['viewerAddress', { header: 'a', secretHeader: 'b', secretHash: '0'.repeat(64), more: 1 }],
    ['loginConcurrency', -1],
    ['loginConcurrency', 1001],
    ['generations', []],
    ['generations', ['1', '1']],
    ['generations', '1 2 3 4 5'],
    ['generations', 'a_b'],
    ['signingGeneration', '2'],
    ['signingGeneration', ''],
    ['generations', '1:ECC_NIST_P256'],
    ['generations', '1, 1:RSA_3072'],
    ['retire', '2:RSA_3072'],
    ['deletionProtection', 'yes'],
    ['corsOrigins', '*'],
    ['corsOrigins', 'https://app.example.com/'],
    ['corsOrigins', 'http://app.example.com'],
    ['corsOrigins', 'https://*.example.com'],
    ['corsOrigins', 'null'],
    ['corsOrigins', 'capacitor://localhost'],
    ['corsMethods', 'GET,TRACE'],
    ['corsMethods', ''],
    ['corsHeaders', '*'],
    ['corsHeaders', 'a:b'],
    ['logRetention', 31],
    ['logRetention', 'ONE_MONTH'],
    ['alarmEmail', ''],
    ['alarmEmail', 'ops'],
    ['alarmEmail', 'ops@example.com, dev@example.com'],
  ])('is named with what is allowed: %s = %j', (name, value) => {
    // A domain is nothing without a certificate, all about mail nothing without a sender, passkeys nothing without factors.
    const others = {
      ...(name === 'domainName' && { certificateArn }),
      ...(/^(email(R|I)|mailH)/.test(name) && { emailFrom }),
      ...(/^(rpId|passkey)/.test(name) && { secondFactor: 'optional' }),
    }

    expect(refusalOf({ ...others, [name]: value })).toBe(
      `Invalid settings:\n  ${name}: ${allowed[name]}, not ${JSON.stringify(value)}`,
    )
  })

  // REQ-196
  describe('of a domain', () => {
    const domainName = 'auth.example.com'
    const hostedZoneId = 'Z0123456789'
    const noCertificate =
      'certificateArn: the ARN of a certificate for domainName, in the account and Region of the stack, but it is missing'
    const elsewhere = `certificateArn: a certificate in the account and Region of the stack, not "${certificateArn}"`
    const otherIssuer =
      'issuer: left out where there is a domain, because it is https:// and the name of the domain; only while a live ' +
      'stack moves to its domain it may be the execute-api address (docs/domain.md), not '

    test.each<[string, object, string]>([
      ['a name without a certificate', { domainName }, noCertificate],
      [
        'a certificate without a name',
        { certificateArn },
        `certificateArn: only together with domainName, not "${certificateArn}"`,
      ],
      ['a zone without a name', { hostedZoneId }, 'hostedZoneId: only together with domainName, not "Z0123456789"'],
      ['a certificate of another Region', { domainName, certificateArn, region: 'us-east-1' }, elsewhere],
      ['a certificate of another account', { domainName, certificateArn, account: '210987654321' }, elsewhere],
      [
        'an issuer of another name',
        { domainName, certificateArn, issuer: 'https://example.com' },
        `${otherIssuer}"https://example.com"`,
      ],
      [
        'an issuer with a path',
        { domainName, certificateArn, issuer: 'https://auth.example.com/auth' },
        `${otherIssuer}"https://auth.example.com/auth"`,
      ],
      [
        'an issuer that only looks like the execute-api address',
        { domainName, certificateArn, issuer: 'https://a.execute-api.eu-central-1.amazonaws.com.example.com' },
        `${otherIssuer}"https://a.execute-api.eu-central-1.amazonaws.com.example.com"`,
      ],
    ])('is refused in one sentence: %s', (_, settings, sentence) => {
      expect(refusalOf({ ...settings })).toBe(`Invalid settings:\n  ${sentence}`)
    })

    test.each<[string, object]>([
      ['alone', {}],
      ['with a zone', { hostedZoneId }],
      ['with its place', { account: '123456789012', region: 'eu-central-1' }],
      ['with the issuer that it makes anyway', { issuer: 'https://auth.example.com' }],
      ['with the address that it replaces', { issuer: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com' }],
      ['whose predecessor may go', { retire: ['login.example.com'] }],
    ])('is accepted %s', (_, settings) => {
      const given = { domainName, certificateArn, ...settings }

      expect(readSettings(given)).toEqual({ ...defaults, ...given })
    })
  })

  describe('of mail', () => {
    const emailIdentityArn = 'arn:aws:ses:eu-central-1:123456789012:identity/example.com'
    const identity = (name: string) => emailIdentityArn.replace('example.com', name)
    const outside = (name: string) =>
      `emailIdentityArn: the identity of emailFrom, of its domain or of a domain above it, not "${identity(name)}"`
    const elsewhere = `emailIdentityArn: an identity in the account and Region of the stack, not "${emailIdentityArn}"`
    const mailHook = 'arn:aws:lambda:eu-central-1:123456789012:function:texts'

    test.each<[string, object, string]>([
      [
        'a reply address without a sender',
        { emailReplyTo: 'help@example.com' },
        'emailReplyTo: only together with emailFrom, not "help@example.com"',
      ],
      [
        'an identity without a sender',
        { emailIdentityArn },
        `emailIdentityArn: only together with emailFrom, not "${emailIdentityArn}"`,
      ],
      ['a hook without a sender', { mailHook }, `mailHook: only together with emailFrom, not "${mailHook}"`],
      [
        'an identity of another domain',
        { emailFrom, emailIdentityArn: identity('example.org') },
        outside('example.org'),
      ],
      [
        'an identity that only ends like the domain',
        { emailFrom: 'no-reply@myexample.com', emailIdentityArn },
        outside('example.com'),
      ],
      [
        'an identity of a domain below',
        { emailFrom, emailIdentityArn: identity('mail.example.com') },
        outside('mail.example.com'),
      ],
      [
        'an identity of another address',
        { emailFrom, emailIdentityArn: identity('root@example.com') },
        outside('root@example.com'),
      ],
      ['an identity of another Region', { emailFrom, emailIdentityArn, region: 'us-east-1' }, elsewhere],
      ['an identity of another account', { emailFrom, emailIdentityArn, account: '210987654321' }, elsewhere],
    ])('is refused in one sentence: %s', (_, settings, sentence) => {
      expect(refusalOf({ ...settings })).toBe(`Invalid settings:\n  ${sentence}`)
    })

    test.each<[string, object]>([
      ['alone', {}],
      [
        'from any letters, digits, dots, dashes, pluses and underscores',
        { emailFrom: 'No_Reply.1+a-b@mail.example.com' },
      ],
      ['with a reply address of any domain', { emailReplyTo: 'help@example.org' }],
      ['with the identity of the domain', { emailIdentityArn }],
      ['with the identity of the address', { emailIdentityArn: identity(emailFrom) }],
      ['with the identity of a domain above', { emailFrom: 'no-reply@mail.example.com', emailIdentityArn }],
      ['with an identity in its place', { emailIdentityArn, account: '123456789012', region: 'eu-central-1' }],
      ['with a hook', { mailHook }],
    ])('is accepted %s', (_, settings) => {
      const given = { emailFrom, ...settings }

      expect(readSettings(given)).toEqual({ ...defaults, ...given })
    })
  })

  describe('of clients by URL', () => {
    test.each<[unknown, readonly string[]]>([
      ['off', []],
      ['all', ['all']],
      ['agent.example, other.example', ['agent.example', 'other.example']],
      [['xn--bcher-kva.example'], ['xn--bcher-kva.example']],
    ])('%j is %j', (clientsByUrl, hosts) => {
      expect(readSettings({ signInPages: true, clientsByUrl }).clientsByUrl).toEqual(hosts)
    })

    test('is refused without the pages on which people sign in', () => {
      expect(refusalOf({ clientsByUrl: 'all' })).toBe(
        'Invalid settings:\n  clientsByUrl: only together with signInPages, not ["all"]',
      )
    })
  })

  describe('of second factors', () => {
    const only = 'only where secondFactor is optional or required'

    test.each<[string, object, string]>([
      ['a name for passkeys', { rpId: 'example.com' }, `rpId: ${only}, not "example.com"`],
      [
        'pages with passkeys',
        { secondFactor: 'off', passkeyOrigins: 'https://app.example.com' },
        `passkeyOrigins: ${only}, not ["https://app.example.com"]`,
      ],
    ])('is refused where they are off: %s', (_, settings, sentence) => {
      expect(refusalOf({ ...settings })).toBe(`Invalid settings:\n  ${sentence}`)
    })

    test.each<[string, object]>([
      ['that nobody must have', { secondFactor: 'optional' }],
      ['that everyone must have', { secondFactor: 'required', minimumPasswordLength: 8 }],
      ['with a name for passkeys', { secondFactor: 'optional', rpId: 'example.com' }],
      ['with a name in an international domain', { secondFactor: 'optional', rpId: 'xn--bcher-kva.example' }],
      ['with a name below a public suffix', { secondFactor: 'optional', rpId: 'example.co.uk' }],
      ["with an API's own name", { secondFactor: 'optional', rpId: 'a1b2c3.execute-api.eu-central-1.amazonaws.com' }],
      [
        'with pages',
        {
          secondFactor: 'optional',
          passkeyOrigins: ['https://app.example.com', 'https://app.example.com:8443', 'http://localhost:5173'],
        },
      ],
    ])('is accepted %s', (_, settings) => {
      expect(readSettings({ ...settings })).toEqual({ ...defaults, ...settings })
    })
  })

  // REQ-31, REQ-59
  test('at its bounds is a good one', () => {
    const year = 31_536_000
    const leastOfSessions = { refreshGrace: 0, sessionIdleLimit: 60, sessionLimit: 60, sessionsPerUser: 1 }
    const mostOfSessions = { refreshGrace: 3600, sessionIdleLimit: year, sessionLimit: year, sessionsPerUser: 200 }
    const leastOfAccounts = { minimumPasswordLength: 8, accountFailures: 0, addressFailures: 0 }
    const leastOfOperations = { loginConcurrency: 0, logRetention: 1 }
    const mostOfAccounts = { minimumPasswordLength: 256, accountFailures: 50, addressFailures: 1_000_000 }
    const mostOfOperations = { loginConcurrency: 1000, logRetention: 9999 }
    const least = {
      accessTokenLifetime: 60,
      authorizerCache: 0,
      ...leastOfSessions,
      ...leastOfAccounts,
      ...leastOfOperations,
    }
    const most = {
      accessTokenLifetime: 3600,
      authorizerCache: 3600,
      ...mostOfSessions,
      ...mostOfAccounts,
      ...mostOfOperations,
    }

    expect(readSettings(least)).toEqual({ ...defaults, ...least })
    expect(readSettings(most)).toEqual({ ...defaults, ...most })
  })

  test('may be the JSON of an object', () => {
    const viewerAddress = { header: 'cloudfront-viewer-address', secretHeader: 'x-secret', secretHash: '0'.repeat(64) }

    expect(readSettings({ viewerAddress: JSON.stringify(viewerAddress) })).toEqual({ ...defaults, viewerAddress })
    expect(readSettings({ viewerAddress })).toEqual({ ...defaults, viewerAddress })
  })

  test('is refused where it would disable another one', () => {
    const sentence =
      'authorizer: lambda with immediate revocation, because API Gateway\'s own does not see that a session has ended, not "native"'

    expect(refusalOf({ authorizer: 'native', revocation: 'immediate' })).toBe(`Invalid settings:\n  ${sentence}`)
    expect(readSettings({ authorizer: 'native' })).toEqual({ ...defaults, authorizer: 'native' })
  })

  test('is refused where claims are to be asked for at a refresh and there is nobody to ask', () => {
    const claims = 'arn:aws:lambda:eu-central-1:123456789012:function:tenants'

    expect(refusalOf({ claimsAtRefresh: 'true' })).toBe(
      'Invalid settings:\n  claimsAtRefresh: only together with claims, not true',
    )
    expect(readSettings({ claims, claimsAtRefresh: 'true' })).toEqual({ ...defaults, claims, claimsAtRefresh: true })
    expect(readSettings({ claims })).toEqual({ ...defaults, claims })
  })

  test('is named together with all others, and with names that are no settings', () => {
    const context = { accesTokenLifetime: 60, stage: 'x', revocation: 'y', registration: true, toString: 1 }

    expect(refusalOf(context)).toBe(
      [
        'Invalid settings:',
        `accesTokenLifetime, registration, toString: unknown; the settings are ${Object.keys(allowed).join(', ')}`,
        'stage: sandbox or prod, not "x"',
        'revocation: lifetime or immediate, not "y"',
      ].join('\n  '),
    )
  })
})

test.each([
  'https://auth.example.com',
  'https://auth.example.com:8443/tenant',
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://[::1]:3000',
  'http://localhost.example.com',
  'ftp://localhost',
  'https://ada:secret@auth.example.com',
  'https://auth.example.com?x=1',
  'https://auth.example.com#x',
  'https://auth.example.com/a b',
  'https://',
  'auth.example.com',
])('an issuer that a setting may be is one that a function takes, and no other: %s', (issuer) => {
  const expected = issuerUrl(issuer) === undefined ? /^Invalid settings/ : /^accepted/

  expect(refusalOf({ issuer })).toMatch(expected)
})
