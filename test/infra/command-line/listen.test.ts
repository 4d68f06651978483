import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from '@jest/globals'
import { listen } from '../../../infra/command-line/server/listen.ts'

const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
const echo = () => createServer((request, response) => response.end(request.url))

test('a server is reached as localhost and by each loopback address of this machine', async () => {
  await using server = await listen(echo(), 0)
  const { port } = new URL(server.url)
  const hosts = ['localhost', ...addresses.map(({ address }) => address).filter((address) => address === '127.0.0.1')]
  if (addresses.some(({ address }) => address === '::1')) hosts.push('[::1]')

  const answers = await Promise.all(hosts.map(async (host) => (await fetch(`http://${host}:${port}/me`)).text()))

  expect(server.url).toBe(`http://localhost:${port}`)
  expect(answers).toEqual(hosts.map(() => '/me'))
})

test('a server is not reached by any other address', async () => {
  await using server = await listen(echo(), 0)
  const others = addresses.filter(({ internal, family }) => !internal && family === 'IPv4')

  for (const { address } of others) {
    await expect(once(connect(Number(new URL(server.url).port), address), 'connect')).rejects.toThrow('ECONNREFUSED')
  }
})

test('a port that is in use is refused', async () => {
  await using server = await listen(echo(), 0)
  const port = Number(new URL(server.url).port)

  await expect(listen(echo(), port)).rejects.toThrow(`Port ${port} is in use`)
})
