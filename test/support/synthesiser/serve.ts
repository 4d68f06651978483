// node test/support/synthesiser/serve.ts SOCKET: answers what CDK makes of each question, until its input ends.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Question } from './synthesise.ts'

async function answer(question: Question): Promise<string> {
  const { synthesiseHere } = await import('./synthesise.ts')
  return JSON.stringify(await synthesiseHere(question))
}

const known = new Map<string, Promise<string>>()

function answerOnce(question: string): Promise<string> {
  const parsed: Question = JSON.parse(question)
  // A folder is another one each time.
  if (parsed.outdir !== undefined) return answer(parsed)
  const found = known.get(question) ?? answer(parsed)
  known.set(question, found)
  return found
}

createServer(async (asked, response) => {
  const [status, body] = await answerOnce(await text(asked)).then(
    (made) => [200, made] as const,
    (error) => [400, error instanceof Error ? error.message : String(error)] as const,
  )
  response.writeHead(status).end(body)
}).listen(process.argv[2], () => process.stdout.write('listening\n'))

process.stdin.resume().on('close', () => process.exit())
