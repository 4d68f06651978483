import { describe, expect, it } from '@jest/globals'
import { isClientId } from '../../../functions/domain/clients/client.ts'
import { isAllowedUrl, isClientUrl } from '../../../functions/domain/clients/client-url.ts'

// REQ-193
describe('a client id that is a URL', () => {
  it.each([
    'https://agent.example/client.json',
    'https://agent.example/oauth/client-metadata.json',
    'https://agent.example/a/',
    'https://agent.example:443/client.json',
    'https://agent.example/client.json?version=2',
    'https://xn--bcher-kva.example/client.json',
    'https://a.b-c.d1.example/%7Eada/client',
  ])('is %s', (url) => {
    expect(isClientUrl(url)).toBe(true)
    expect(isClientId(url)).toBe(false)
  })

  it.each([
    ['no https', 'http://agent.example/client.json'],
    ['no path', 'https://agent.example'],
    ['no path but the root', 'https://agent.example/'],
    ['no path, but a query', 'https://agent.example?client'],
    ['a fragment', 'https://agent.example/client.json#a'],
    ['an empty fragment', 'https://agent.example/client.json#'],
    ['credentials', 'https://ada:secret@agent.example/client.json'],
    ['a name', 'https://ada@agent.example/client.json'],
    ['another port', 'https://agent.example:8443/client.json'],
    ['port 80', 'https://agent.example:80/client.json'],
    ['a port that is written in another way', 'https://agent.example:0443/client.json'],
    ['an empty port', 'https://agent.example:/client.json'],
    ['a dot segment', 'https://agent.example/./client.json'],
    ['two dots', 'https://agent.example/a/../client.json'],
    ['encoded dots', 'https://agent.example/%2e%2E/client.json'],
    ['dots at the end', 'https://agent.example/a/..'],
    ['a backslash', 'https://agent.example\\client.json'],
    ['a backslash in the path', 'https://agent.example/a\\client.json'],
    ['capital letters in the host', 'https://Agent.example/client.json'],
    ['capital letters in the scheme', 'HTTPS://agent.example/client.json'],
    ['a dot at the end of the host', 'https://agent.example./client.json'],
    ['an IPv4 address', 'https://8.8.8.8/client.json'],
    ['a number', 'https://134744072/client.json'],
    ['a hexadecimal number', 'https://0x08080808/client.json'],
    ['a number as its last label', 'https://agent.08/client.json'],
    ['an IPv6 address', 'https://[2001:4860:4860::8888]/client.json'],
    ['a host of one label', 'https://localhost/client.json'],
    ['an encoded host', 'https://agent%2eexample/client.json'],
    ['letters outside ASCII', 'https://bücher.example/client.json'],
    ['white space', 'https://agent.example/client json'],
    ['a line', 'https://agent.example/client.json\n'],
    ['white space before it', ' https://agent.example/client.json'],
    ['more than 512 characters', `https://agent.example/${'a'.repeat(500)}`],
    ['nothing', ''],
  ])('has not %s', (_, url) => {
    expect(isClientUrl(url)).toBe(false)
    expect(isAllowedUrl(url, ['all'])).toBe(false)
  })

  it('is allowed by its host, or with all others', () => {
    const url = 'https://agent.example/client.json'

    expect(isAllowedUrl(url, [])).toBe(false)
    expect(isAllowedUrl(url, ['other.example', 'agent.example'])).toBe(true)
    expect(isAllowedUrl(url, ['all'])).toBe(true)
    for (const host of ['example', 'gent.example', 'a.agent.example', 'agent.example.org', 'AGENT.EXAMPLE', '*'])
      expect(isAllowedUrl(url, [host])).toBe(false)
  })
})
