import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// Whatever a run leaves behind is in one folder, which goes with it. A short name: sockets are in there, whose paths may
// have some hundred characters.
export default async () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'lk-'))
  process.once('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }))
  // With the little memory that esbuild is told to take otherwise, it collects garbage as long as it bundles.
  process.env.GOMEMLIMIT = '1GiB'
  // Hundreds of commands are run, and most of the time of one is that Node compiles it.
  process.env.NODE_COMPILE_CACHE = join(process.env.TMPDIR, 'compiled')
  // CDK notes for every construct where it was made, which takes a sixth of its time.
  process.env.CDK_DISABLE_STACK_TRACE = '1'
  // For every process of the run that would load CDK, unless it is started without these options.
  const instead = pathToFileURL(join(import.meta.dirname, 'synthesiser', 'instead.js')).href
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import ${instead}`.trim()
  process.env.SYNTHESISER = await startSynthesiser(join(process.env.TMPDIR, 'synthesiser'))
}

// It ends when this process does, whose end of the pipe then closes.
async function startSynthesiser(socket) {
  const program = join(import.meta.dirname, 'synthesiser', 'serve.ts')
  const child = spawn(process.execPath, [program, socket], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  for (const each of [child, child.stdin, child.stdout]) each.unref()
  return socket
}
