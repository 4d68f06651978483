import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const module = join(import.meta.dirname, '../../../../functions/domain/passwords/hashing/password-hasher.ts')

/** What `work` answers in a process whose `node:crypto` has no argon2, as before Node 24.7. */
async function withoutArgon2(work: string): Promise<unknown> {
  const script = `
    import crypto from 'node:crypto'
    import { syncBuiltinESMExports } from 'node:module'
    crypto.argon2 = undefined
    syncBuiltinESMExports()
    const { createPasswordHasher } = await import(${JSON.stringify(module)})
    const hasher = createPasswordHasher()
    const password = 'correct horse battery staple'
    console.log(JSON.stringify(await (async () => { ${work} })()))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout)
}

// REQ-47
test('where the runtime has no argon2, new hashes are scrypt of N=2^14, r=8, p=5, and are as good as new', async () => {
  const work = `
    const stored = await hasher.hash(password)
    return {
      form: stored.replace(/[^$]{22}\\$[^$]{43}$/, 'SALT$KEY'),
      right: await hasher.verify(password, stored),
      wrong: await hasher.verify('another horse', stored),
      renewable: await hasher.isRenewable(password, stored),
      likeTheDecoy: hasher.decoy.startsWith('$scrypt$ln=14,r=8,p=5$') && (await hasher.prepareImport(hasher.decoy)).ok,
    }`

  expect(await withoutArgon2(work)).toEqual({
    form: '$scrypt$ln=14,r=8,p=5$SALT$KEY',
    right: true,
    wrong: false,
    renewable: false,
    likeTheDecoy: true,
  })
})
