import { once } from 'node:events'
import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { createGateway } from '../../../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../../../infra/local/gateway/gateway-server.ts'
import { apiOf, route } from '../../../support/local-gateway.ts'
import { localFunction, startLambda } from '../../../support/local-lambda.ts'

// Thousands of requests through real processes, which a busy machine takes its time for.

/** What ends a line for one reader and not for another, what is invisible, and halves of characters. */
const strange = [
  ...['\u2028', '\u2029', '\u0085', '\u000b', '\u000c', '\u001c', '\u001d', '\u001e', '\r', '\n', '\r\n', '\0'],
  ...['\ud800', '\udfff', '\ufeff', '\u200b', '\u202e', '\u0000\u2028', '"', '\\', '\u{1f600}', '\ufffd', '\u001b[2J'],
]

// It answers who asked, and says strange things in its response, its log and its headers.
const source = `
const strange = ${JSON.stringify(strange)}
export const handler = async (event) => {
  const number = event.headers['x-number']
  const character = strange[number % strange.length]
  console.log('line ' + number + character + 'end')
  process.stdout.write('{"requestId":"stolen","payload":"1"}' + character)
  await new Promise((resolve) => setTimeout(resolve, number % 3))
  if (number % 50 === 0) throw new Error('failed ' + number + character)
  return {
    statusCode: 200,
    headers: { 'x-number': number, 'content-type': 'application/json', 'x-echo': event.headers['x-strange'] },
    body: JSON.stringify({ number, character, path: event.rawPath, query: event.rawQueryString, body: event.body }),
  }
}`

async function open() {
  const lambda = startLambda([localFunction(source, { name: 'echo' })])
  const clock = () => Date.now() / 1000
  const api = apiOf({ routes: [route('$default', { functionArn: 'echo' })] })
  const server = createGatewayServer(createGateway({ api, invoke: lambda.invoke, clock, log: () => undefined }))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
      await lambda[Symbol.asyncDispose]()
    },
  }
}

const encode = (character: string) => encodeURIComponent(character.toWellFormed())

const strangeHeader = (number: number) =>
  `${number}${Buffer.from('a\u2028b\u2029\u0085').toString('latin1')}\t${number}`

async function ask(port: number, number: number) {
  const character = strange[number % strange.length] ?? ''
  const headers = {
    'x-number': String(number),
    'content-type': 'text/plain',
    // Bytes of a header that HTTP allows beyond ASCII: those of U+2028 and U+2029 in UTF-8 among them.
    'x-strange': strangeHeader(number),
  }
  const path = `/${encode(character)}x${number}?q=${encode(character)}`
  const request = send({ port, host: '127.0.0.1', method: 'POST', path, headers, agent: false })
  // Bytes, because Node would write the header in the encoding of a text that follows it.
  request.end(Buffer.from(`${character}${number}`))
  const [response] = await once(request, 'response')
  return {
    number,
    character,
    status: response.statusCode,
    of: response.headers['x-number'],
    echo: response.headers['x-echo'],
    body: await text(response),
  }
}

// REQ-201
test('each of 5,000 requests, 24 at a time, gets its own response, whatever characters travel', async () => {
  await using gateway = await open()
  const numbers = Array.from({ length: 5000 }, (_, index) => index + 1).values()
  const wrong: unknown[] = []
  const worker = async () => {
    for (const number of numbers) {
      const { status, of, echo, body, character } = await ask(gateway.port, number)
      const isOwn =
        number % 50 === 0
          ? status === 500
          : status === 200 &&
            of === String(number) &&
            echo === strangeHeader(number) &&
            isAnswerTo(JSON.parse(body), number, character)
      if (!isOwn) wrong.push({ number, status, of, echo, body })
    }
  }
  await Promise.all(Array.from({ length: 24 }, worker))

  expect(wrong.slice(0, 3)).toEqual([])
})

type Echoed = Readonly<Record<'number' | 'character' | 'path' | 'query' | 'body', string>>

function isAnswerTo({ number, character, path, query, body }: Echoed, asked: number, sent: string): boolean {
  const seen = sent.toWellFormed()
  const isRight = number === String(asked) && character === sent
  return isRight && body === `${seen}${asked}` && path === `/${seen}x${asked}` && query === `q=${encode(sent)}`
}
