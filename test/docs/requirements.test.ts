import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pagePath, readSections, writePage } from './requirements/page.ts'
import { readNumbers, readProofs } from './requirements/proofs.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const requirements = readSections(read('test/docs/requirements/requirements.txt')).flatMap(
  (section) => section.requirements,
)
const named = new Set(readProofs(root).flatMap(({ numbers }) => numbers))
const numbersOf = (these: typeof requirements) => these.map(({ number }) => number)

describe('the requirements', () => {
  test('are numbered from 1 to 204', () => {
    expect(numbersOf(requirements)).toEqual(Array.from({ length: 204 }, (_, index) => index + 1))
  })

  test('are each named by a test, or it is said why not', () => {
    const silent = requirements.filter(({ number, remark }) => !named.has(number) && !remark)
    const unproved = requirements.filter(({ number, remark }) => !named.has(number) && remark?.standing === 'partly')

    expect(numbersOf(silent)).toEqual([])
    expect(numbersOf(unproved)).toEqual([])
  })

  test('that are not met, or are about what does not exist, are named by no test', () => {
    const missing = requirements.filter(({ remark }) => /^not /.test(remark?.standing ?? ''))

    expect(numbersOf(missing.filter(({ number }) => named.has(number)))).toEqual([])
  })

  test('that are met by a document or by design say where', () => {
    const written = requirements.filter(({ remark }) => remark?.standing === 'documented')

    expect(numbersOf(written.filter(({ remark }) => !remark?.why.includes('](')))).toEqual([])
  })

  test('are all that tests and code name by number', () => {
    const sources = globSync('{functions,infra,test}/**/*.ts', { cwd: root, exclude: ['test/docs/requirements*'] }).map(
      read,
    )
    const inCode = sources.flatMap(readNumbers)

    expect([...named, ...inCode].filter((number) => !numbersOf(requirements).includes(number))).toEqual([])
  })
})

test('the page is what `npm run requirements` writes', () => {
  expect(read(pagePath) === writePage(root) ? 'fresh' : 'stale').toBe('fresh')
})

test.each([
  ['// REQ-83', [83]],
  ['// REQ-7 to REQ-10, REQ-53', [7, 8, 9, 10, 53]],
  ['// REQ-3 and REQ-1: the header only, 5 times', [1, 3]],
  ['first // REQ-2\nsecond (REQ-2).', [2]],
  ['// REQUEST-2, REQ 3', []],
])('a source names requirements by number: %j', (source, numbers) => {
  expect(readNumbers(source)).toEqual(numbers)
})

describe('the pages', () => {
  const pages = globSync(['*.md', '{docs,infra,functions}/**/*.md'], { cwd: root })
  // As GitHub makes an anchor of a heading.
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  const anchorsOf = (page: string) => [
    ...[...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)),
    ...[...read(page).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id),
  ]

  const isDead = (page: string, target: string) => {
    const [path, anchor] = target.split('#')
    const file = path ? join(dirname(page), path) : page
    return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor))
  }

  test.each(pages)('have no dead link: %s', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)

    expect(targets.filter((target) => !/^https?:/.test(target) && isDead(page, target))).toEqual([])
  })

  test.each(pages)('hold nothing that a merge left behind: %s', (page) => {
    expect(read(page)).not.toMatch(/<<<<<<<|>>>>>>>|> > > >|^={7}$/m)
  })

  test('lead to the requirements', () => {
    for (const page of ['README.md', 'SECURITY.md']) expect(read(page)).toContain(`(${pagePath})`)
  })
})
