import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { functionSpecs } from '../../infra/construct/function-specs.ts'

const root = join(import.meta.dirname, '../..')
const sources = globSync('{functions,infra}/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('a Lambda', () => {
  test('is its slice and its spec, which have its name', () => {
    const slices = globSync('functions/*/index.ts', { cwd: root }).map((path) => basename(join(path, '..')))
    const specs = sources
      .filter((path) => path.startsWith('infra/construct/functions/'))
      .map((path) => basename(path, '.ts'))

    expect(functionSpecs.map(({ name }) => name)).toEqual(specs.toSorted())
    expect(slices.toSorted()).toEqual(specs.toSorted())
  })

  test('is named by no other file of functions and infra: for example, the one that registers', () => {
    // The domain, the table and what mails know no such Lambda: there `register` is the purpose of a code and the kind of a mail.
    const purposes = ['functions/domain/', 'functions/mail/', 'infra/construct/auth-table.ts']
    const own = ['functions/register/', 'infra/construct/functions/register.ts', ...purposes]
    const others = sources.filter((path) => !own.some((each) => path.startsWith(each)))

    expect(existsSync(join(root, 'functions/register/index.ts'))).toBe(true)
    expect(others.filter((path) => /\bregister(?:Env|EnvName)?\b/i.test(read(path)))).toEqual([])
  })
})

test('no source has more than 400 lines', () => {
  expect(sources.length).toBeGreaterThan(150)
  expect(sources.filter((path) => read(path).split('\n').length > 401)).toEqual([])
})
