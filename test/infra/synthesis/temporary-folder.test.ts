import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from '@jest/globals'
import { createTemporaryFolder } from '../../../infra/synthesis/temporary-folder.ts'

const module = join(import.meta.dirname, '../../../infra/synthesis/temporary-folder.ts')
const program = `import { createTemporaryFolder } from ${JSON.stringify(module)}
  console.log(createTemporaryFolder())
  setInterval(() => {}, 1000)`

/** Another process with a folder of its own. */
async function startOther() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [folder]: string[] = await once(createInterface({ input: child.stdout }), 'line')
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  return { folder: folder ?? '', pid: child.pid, kill }
}

test('a folder is left behind by a process that is killed, and goes when the next one is made', async () => {
  const [killed, running] = await Promise.all([startOther(), startOther()])
  await killed.kill()
  const mine = [createTemporaryFolder(), createTemporaryFolder()]

  expect([killed.folder, running.folder, ...mine].map((folder) => existsSync(folder))).toEqual([
    false,
    true,
    true,
    true,
  ])
  expect(dirname(killed.folder)).toBe(tmpdir())
  await running.kill()
  for (const folder of [running.folder, ...mine]) rmSync(folder, { recursive: true })
})

test('the target of a link with such a name is not touched', async () => {
  const { pid, folder, kill } = await startOther()
  await kill()
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
  const link = join(tmpdir(), `latchkey-${pid}-link`)
  symlinkSync(elsewhere, link)
  rmSync(createTemporaryFolder(), { recursive: true })

  expect([folder, link, elsewhere].map((path) => existsSync(path))).toEqual([false, true, true])
  unlinkSync(link)
  rmSync(elsewhere, { recursive: true })
})
