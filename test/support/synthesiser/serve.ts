// node test/support/synthesiser/serve.ts SOCKET: answers what CDK makes of each question, until its input ends.
import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Question } from './synthesise.ts'

async function answer(question: Question): Promise<string> {
  const { synthesiseHere } = await import('./synthesise.ts')
  return JSON.stringify(await synthesiseHere(question))
}

const folder = mkdtempSync(join(tmpdir(), 'assemblies-'))
const known = new Map<string, Promise<string>>()

function answerOnce(question: Question): Promise<string> {
  const key = JSON.stringify(question)
  const found = known.get(key) ?? answer(question)
  known.set(key, found)
  return found
}

// The files of each question are made once, in a folder of this process, and copied. So what a question names, such as a
// logo, must not change in a run.
async function answerWithFiles({ outdir, ...question }: Question): Promise<string> {
  if (outdir === undefined) return answerOnce(question)
  const own = join(folder, createHash('sha256').update(JSON.stringify(question)).digest('hex'))
  const answered = await answerOnce({ ...question, outdir: own })
  await cp(own, outdir, { recursive: true })
  return answered
}

createServer(async (asked, response) => {
  const [status, body] = await answerWithFiles(JSON.parse(await text(asked))).then(
    (made) => [200, made] as const,
    (error) => [400, error instanceof Error ? error.message : String(error)] as const,
  )
  response.writeHead(status).end(body)
}).listen(process.argv[2], () => process.stdout.write('listening\n'))

process.stdin.resume().on('close', () => process.exit())
