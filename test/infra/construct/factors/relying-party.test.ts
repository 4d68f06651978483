import { describe, expect, test } from '@jest/globals'
import { CfnParameter, Stack } from 'aws-cdk-lib/core'
import { createRelyingParty } from '../../../../infra/construct/factors/relying-party.ts'
import { createApp } from '../../../../infra/create-app.ts'
import { templateApp } from '../../../support/builders/template-app.ts'

type Asked = Parameters<typeof createRelyingParty>[0]

const asked: Asked = { rpId: undefined, passkeyOrigins: [], issuer: undefined, domainName: undefined }
const domainName = 'auth.example.com'
const executeApi = 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com'
const app = 'https://app.example.com'

// What only the deployment knows.
const later = new CfnParameter(new Stack(templateApp(), 'Shop'), 'Name').valueAsString

// REQ-140
describe('the relying party', () => {
  test.each<[string, Partial<Asked>, ReturnType<typeof createRelyingParty>]>([
    ['is the host of the issuer where nothing is set', {}, { rpId: undefined, origins: [] }],
    ['is the domain', { domainName }, { rpId: domainName, origins: [] }],
    [
      'may be a domain above, for pages of other hosts',
      { domainName, rpId: 'example.com', passkeyOrigins: [app, 'https://example.com:8443'] },
      { rpId: 'example.com', origins: [app, 'https://example.com:8443'] },
    ],
    [
      'is the domain while a live stack moves there, with the pages of both addresses',
      { domainName, issuer: executeApi },
      { rpId: domainName, origins: ['https://auth.example.com'] },
    ],
    [
      'may be above an issuer that was set',
      { issuer: 'https://auth.example.com/tenant', rpId: 'example.com' },
      { rpId: 'example.com', origins: [] },
    ],
    [
      "may be that of the owner's pages alone, where the API has no domain",
      { rpId: 'example.com', passkeyOrigins: [app] },
      { rpId: 'example.com', origins: [app] },
    ],
    [
      "may be API Gateway's own address",
      { issuer: executeApi, passkeyOrigins: [executeApi] },
      { rpId: undefined, origins: [executeApi] },
    ],
    [
      'may have pages on this machine where the name is not known',
      { passkeyOrigins: ['http://localhost:5173'] },
      { rpId: undefined, origins: ['http://localhost:5173'] },
    ],
    [
      'is not judged where only the deployment knows the domain',
      { domainName: later, passkeyOrigins: [app] },
      { rpId: later, origins: [app] },
    ],
    [
      'is not judged where only the deployment knows the issuer',
      { issuer: later, rpId: 'example.com', passkeyOrigins: [app] },
      { rpId: 'example.com', origins: [app] },
    ],
  ])('%s', (_, changes, expected) => {
    expect(createRelyingParty({ ...asked, ...changes })).toEqual(expected)
  })

  test.each<[string, Partial<Asked>, string]>([
    [
      'a name of another domain',
      { domainName, rpId: 'example.org' },
      'rpId: auth.example.com or a domain above it, not "example.org"',
    ],
    [
      'a name below the domain',
      { domainName, rpId: 'login.auth.example.com' },
      'rpId: auth.example.com or a domain above it, not "login.auth.example.com"',
    ],
    [
      'a name that the domain only ends with',
      { domainName: 'myexample.com', rpId: 'example.com' },
      'rpId: myexample.com or a domain above it, not "example.com"',
    ],
    [
      'a name that has nothing to do with the issuer',
      { issuer: 'https://auth.example.com', rpId: 'example.org', passkeyOrigins: ['https://example.org'] },
      'rpId: auth.example.com or a domain above it, not "example.org"',
    ],
    [
      'a name without any page',
      { rpId: 'example.com' },
      'rpId: only with a domain or with passkeyOrigins, because no page of example.com is known',
    ],
    [
      "a name without any page, with API Gateway's own address as the issuer",
      { issuer: executeApi, rpId: 'example.com' },
      'rpId: only with a domain or with passkeyOrigins, because no page of example.com is known',
    ],
    [
      'pages beside the domain',
      { domainName, passkeyOrigins: ['https://auth.example.com:8443', app, 'https://example.org'] },
      'passkeyOrigins: origins whose host is auth.example.com or below it, not https://app.example.com https://example.org',
    ],
    [
      'pages on this machine beside a domain',
      { domainName, passkeyOrigins: ['http://localhost:5173'] },
      'passkeyOrigins: origins whose host is auth.example.com or below it, not http://localhost:5173',
    ],
    [
      'pages without a name',
      { passkeyOrigins: [app, 'http://localhost:5173'] },
      'passkeyOrigins: with a domain or an rpId to which they belong; without either only http://localhost:PORT, for ' +
        'npm start, not https://app.example.com',
    ],
  ])('is refused in one sentence: %s', (_, changes, sentence) => {
    expect(() => createRelyingParty({ ...asked, ...changes })).toThrow(new Error(`Invalid settings:\n  ${sentence}`))
  })
})

test('the settings of a stack are judged together with its domain', async () => {
  const settings = {
    domainName,
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/abc',
    secondFactor: 'optional',
    rpId: 'example.org',
  }

  await expect(createApp(settings, { folder: '/' })).rejects.toThrow('rpId: auth.example.com or a domain above it')
})

test('on this machine the name and the pages of the domain are left out', async () => {
  const settings = { secondFactor: 'optional', rpId: 'example.com', passkeyOrigins: `${app} http://localhost:5173` }

  await expect(createApp(settings, { folder: '/' })).rejects.toThrow(
    'passkeyOrigins: origins whose host is example.com',
  )
  await expect(createApp(settings, { folder: '/', target: 'localhost' })).resolves.toBeDefined()
})
