import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Installs the rivals where they are not there yet: they have a package.json of their own, so that no user of ours gets them. */
export function installRivals(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules'))) return
  console.log('Installing what we measure ourselves beside (test/bench/package.json), once …')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  })
}
