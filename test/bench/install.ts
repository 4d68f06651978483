import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname

/** Installs the rivals where they are not there yet: they have a package.json of their own, so that no user of ours gets them. */
export function installRivals(): void {
  if (areInstalled()) return
  console.log('Installing what we measure ourselves beside (test/bench/package.json), once …')
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], { cwd: folder, stdio: 'inherit' })
  } catch {
    throw new Error(`They could not be installed; the bench needs the network for it once: npm ci --prefix ${folder}`)
  }
}

/** Whether what is there is what the lock file says: npm leaves a copy of it. */
function areInstalled(): boolean {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  const locked = join(folder, 'package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(locked).mtimeMs
}
