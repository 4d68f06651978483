import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Whatever a run leaves behind is in one folder, which goes with it. A short name: sockets are in there, whose paths may
// have some hundred characters.
export default () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'lk-'))
  // Hundreds of commands are run, and most of the time of one is that Node compiles it.
  process.env.NODE_COMPILE_CACHE = join(process.env.TMPDIR, 'compiled')
  process.once('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }))
}
