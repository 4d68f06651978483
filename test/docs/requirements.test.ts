import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pagePath, readSections, writePage } from './requirements/page.ts'
import { proofsOf, readNumbers, readProofs } from './requirements/proofs.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const requirements = readSections(read('test/docs/requirements/requirements.txt')).flatMap(
  (section) => section.requirements,
)
const named = new Set(readProofs(root).flatMap(({ numbers }) => numbers))
const numbersOf = (these: typeof requirements) => these.map(({ number }) => number)

describe('the requirements', () => {
  test('are numbered from 1 to 150', () => {
    expect(numbersOf(requirements)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1))
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
    const sources = globSync('{functions,infra,test}/**/*.ts', { cwd: root }).map(read)
    const inCode = sources.flatMap((source) =>
      [...source.matchAll(/SECURITY (\d+)/g)].map(([, found]) => Number(found)),
    )

    expect([...named, ...inCode].filter((number) => !numbersOf(requirements).includes(number))).toEqual([])
  })
})

test('the page is what `npm run requirements` writes', () => {
  expect(read(pagePath) === writePage(root) ? 'fresh' : 'stale').toBe('fresh')
})

describe('a test that names requirements', () => {
  test.each([
    [' 83', [83]],
    [' 7 to 10, 53', [7, 8, 9, 10, 53]],
    [' 1 and 3', [1, 3]],
    [' 70: the header alone, 1 and no other', [70]],
    [' 83.', []],
    [' 83, and more', []],
    [' is fine', []],
  ])('says so by numbers: %j', (said, numbers) => {
    expect(readNumbers(said)).toEqual(numbers)
  })

  test('is the one below, or the one that the comment stands in, or what goes through a table', () => {
    const source = [
      '// SECURITY 1',
      "describe('a group', () => {",
      '  // SECURITY 2',
      '',
      '  // Another comment.',
      "  test('is below', () => {})",
      '',
      "  test('is around', async () => {",
      '    // SECURITY 3',
      '  })',
      '',
      '  test.each<[string]>([',
      "    ['x'], // SECURITY 4",
      "  ])('has cases like %s', (name) => {",
      '    // SECURITY 5',
      '  })',
      '',
      "  test.each(['x'])(",
      "    'is long and isn\\'t the last',",
      '    () => {',
      '      // SECURITY 6',
      '    },',
      '  )',
      '})',
      '',
      '// SECURITY 7',
      "test('stands alone', () => {})",
      '',
      '// SECURITY 8',
      "describe.each(kinds)('asked by $name', () => {})",
      '',
      '// SECURITY 9',
      'export const hostileNames: readonly string[] = [',
    ]

    expect(proofsOf('a.test.ts', source.join('\n')).map(({ numbers, title }) => [...numbers, title])).toEqual([
      [1, 'a group …'],
      [2, 'a group is below'],
      [3, 'a group is around'],
      [4, 'a group has cases like …'],
      [5, 'a group has cases like …'],
      [6, "a group is long and isn't the last"],
      [7, 'stands alone'],
      [8, 'asked by …'],
      [9, 'hostile names …'],
    ])
  })

  test.each([
    ['no number', "// SECURITY matters\ntest('x', () => {})"],
    ['a function instead of a test', 'function setUp() {\n  // SECURITY 1\n  return 1\n}'],
    ['nothing', '// SECURITY 1'],
  ])('is none where a comment has %s', (_, source) => {
    expect(() => proofsOf('a.test.ts', source)).toThrow('names no requirement of a test')
  })
})

describe('the pages', () => {
  const pages = globSync(['*.md', '{docs,infra,functions}/**/*.md'], { cwd: root })
  // As GitHub makes an anchor of a heading.
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  const anchorsOf = (page: string) =>
    [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

  const isDead = (page: string, target: string) => {
    const [path, anchor] = target.split('#')
    const file = path ? join(dirname(page), path) : page
    return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor))
  }

  test.each(pages)('have no dead link: %s', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)

    expect(targets.filter((target) => !/^https?:/.test(target) && isDead(page, target))).toEqual([])
  })

  test('lead to the requirements', () => {
    for (const page of ['README.md', 'SECURITY.md']) expect(read(page)).toContain(`(${pagePath})`)
  })
})
