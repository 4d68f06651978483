import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { synthesise } from '../../../infra/synthesis/assembly.ts'

const folder = mkdtempSync(join(tmpdir(), 'synthesiser-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['is killed', 'process.kill(process.pid, "SIGKILL")', /ended by SIGKILL\. If the memory was used up/],
  ['ends without a word', 'process.exit(3)', /ended with 3 and gave no reason/],
  ['complains', 'process.stderr.write("Set an issuer.\\n"); process.exit(1)', /^Set an issuer\.$/],
])('a synthesis that %s says what to do', async (what, program, message) => {
  const file = join(folder, `${what.replaceAll(' ', '-')}.mjs`)
  writeFileSync(file, program)

  await expect(synthesise({}, file)).rejects.toThrow(message)
})
