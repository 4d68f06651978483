import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { watchApp } from '../../../../infra/command-line/own-app/watch-app.ts'
import { newFolder } from '../../../support/local-aws.ts'

/** An app whose files are watched, and a way to wait until it is served anew. */
function setUp() {
  const folder = newFolder()
  const watch = { include: ['**'], exclude: ['README.md', '**/*.js', 'test'] }
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ watch }))
  for (const name of ['lib', 'test', 'cdk.out', '.local', 'node_modules/x'])
    mkdirSync(join(folder, name), { recursive: true })
  let next = Promise.withResolvers<void>()
  let count = 0
  const serve = async () => {
    count += 1
    next.resolve()
    next = Promise.withResolvers()
    if (count === 2) throw new Error('It does not compile.')
  }
  const watching = watchApp({ folder, data: join(folder, '.local') }, serve)
  const write = (name: string) => writeFileSync(join(folder, name), String(Math.random()))
  return { write, served: () => next.promise, count: () => count, [Symbol.dispose]: watching[Symbol.dispose] }
}

test('a change of a file is served, and one that does not compile is not the end', async () => {
  using app = setUp()

  for (const count of [1, 2, 3]) {
    const served = app.served()
    app.write('lib/stack.ts')
    await served
    expect(app.count()).toBe(count)
  }
})

test('what a synthesis writes, and what cdk.json excludes, is no change', async () => {
  using app = setUp()
  const others = ['lib/stack.js', 'README.md', 'test/a.ts', 'cdk.out/a.json', '.local/a', 'node_modules/x/a.ts']
  for (const name of others) app.write(name)
  const served = app.served()
  // Only this one counts: had the others counted too, it would be the second.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  app.write('lib/stack.ts')
  await served

  expect(app.count()).toBe(1)
})
