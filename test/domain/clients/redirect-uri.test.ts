import { describe, expect, test } from '@jest/globals'
import { isRedirectUri, isRegistered } from '../../../functions/domain/clients/redirect-uri.ts'

describe('a redirect URI of a client', () => {
  test.each([
    'https://app.example.com/callback',
    'https://app.example.com/',
    'https://app.example.com',
    'https://app.example.com:8443/callback?from=latchkey',
    'https://xn--mnchen-3ya.example/callback',
    'http://localhost:3000/callback',
    'http://localhost/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1',
    'http://[::1]:5000/callback',
    'com.example.app:/callback',
    'com.example.my-app:/oauth/callback',
  ])('may be %s', (uri) => {
    expect(isRedirectUri(uri)).toBe(true)
  })

  // REQ-178
  test.each([
    '',
    '/callback',
    '//app.example.com/callback',
    'http://app.example.com/callback',
    'http://localhost.evil.example/callback',
    'http://localhost@evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://0x7f000001/callback',
    'http://2130706433/callback',
    'https://app.example.com/callback#fragment',
    'https://app.example.com/callback#',
    'https://user@app.example.com/callback',
    'https://user:pass@app.example.com/callback',
    'https://@app.example.com/callback',
    'HTTPS://app.example.com/callback',
    'https://APP.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com/a/../callback',
    'https://app.example.com/a b',
    'https:\\\\app.example.com\\callback',
    'https:app.example.com/callback',
    ' https://app.example.com/callback',
    'https://app.example.com/callback\n',
    'https://app.exa\tmple.com/callback',
    'https://münchen.example/callback',
    'https://app.example.com/ü',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example.com/id',
    'about:blank',
    'urn:ietf:wg:oauth:2.0:oob',
    'myapp:/callback',
    'myapp://callback',
    'com.example.app://callback',
    'com.example.app:callback',
    'ws://localhost/callback',
    `https://app.example.com/${'a'.repeat(1000)}`,
  ])('may not be %j', (uri) => {
    expect(isRedirectUri(uri)).toBe(false)
  })
})

describe('the redirect URI of a request', () => {
  const registered = ['https://app.example.com/callback', 'http://127.0.0.1/callback', 'http://localhost:3000/cb?a=b']

  test.each([
    'https://app.example.com/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:49152/callback',
    'http://localhost:8080/cb?a=b',
    'http://localhost/cb?a=b',
  ])('is a registered one: %s', (uri) => {
    expect(isRegistered(registered, uri)).toBe(true)
  })

  // REQ-178
  test.each([
    'https://app.example.com/Callback',
    'https://app.example.com/callback/',
    'https://app.example.com/callback?',
    'https://app.example.com/callback?x=1',
    'https://app.example.com/callback#x',
    'https://app.example.com/%63allback',
    'https://app.example.com%2fcallback',
    'https://app.example.com/callback/../evil',
    'https://app.example.com/callback%2f..%2fevil',
    'https://app.example.com:8443/callback',
    'https://app.example.com.evil.example/callback',
    'https://app.example.com@evil.example/callback',
    'https://evil.example/https://app.example.com/callback',
    'http://app.example.com/callback',
    'https://127.0.0.1/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.0.0.1:80:80/callback',
    'http://127.0.0.1:8080@evil.example/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.1/callback',
    'http://localhost/callback',
    'http://localhost.evil/cb?a=b',
    'http://localhost:3000/cb',
    'http://localhost:3000/cb?a=b&c=d',
    'http://[::1]/callback',
    'http://[::ffff:127.0.0.1]/callback',
  ])('is not a registered one: %s', (uri) => {
    expect(isRegistered(registered, uri)).toBe(false)
  })
})
