import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Proof, readProofs } from './proofs.ts'

const standings = ['partly', 'not met', 'not applicable', 'documented'] as const

/** What is to be said of a requirement beside its tests, or in their place. */
type Remark = { readonly standing: (typeof standings)[number]; readonly why: string }

type Requirement = {
  readonly number: number
  readonly text: string
  readonly source: string
  readonly remark: Remark | undefined
}

type Section = { readonly title: string; readonly requirements: readonly Requirement[] }

/**
 * The sections of requirements.txt: a line with a title, then `number | text | source | level` and perhaps ` | remark`.
 * @throws Error for a line of another form.
 */
export function readSections(text: string): readonly Section[] {
  return text
    .trim()
    .split('\n\n')
    .map((block) => {
      const [title = '', ...lines] = block.split('\n')
      return { title, requirements: lines.map(readRequirement) }
    })
}

function readRequirement(line: string): Requirement {
  const [number, text, source, level, remark, ...more] = line.split(' | ')
  if (!text || !source || !level || more.length > 0) throw new Error(`This is no requirement: ${line}`)
  return {
    number: Number(number),
    text,
    source: [source, level].filter((part) => part !== '–').join('; '),
    remark: remark === undefined ? undefined : readRemark(remark),
  }
}

function readRemark(remark: string): Remark {
  const standing = standings.find((word) => remark.startsWith(`${word}: `))
  if (!standing) throw new Error(`A remark begins with one of ${standings.join(', ')}: ${remark}`)
  return { standing, why: remark.slice(standing.length + 2) }
}

export const pagePath = 'docs/requirements.md'

/** The page as it should be, of requirements.txt and of what the tests name. */
export function writePage(root: string): string {
  const sections = readSections(readFileSync(join(root, 'test/docs/requirements/requirements.txt'), 'utf8'))
  const proofs = readProofs(root)
  return [introduction(sections, proofs), ...sections.map((section) => writeSection(section, proofs))].join('\n')
}

function introduction(sections: readonly Section[], proofs: readonly Proof[]): string {
  const all = sections.flatMap(({ requirements }) => requirements)
  const count = (standing: string) => all.filter(({ remark }) => remark?.standing === standing).length
  const named = all.filter(({ number }) => proofs.some(({ numbers }) => numbers.includes(number)))
  const whole = named.filter(({ remark }) => remark?.standing !== 'partly')
  const written = all.filter((each) => each.remark?.standing === 'documented' && !named.includes(each))
  return `# Requirements

What [SECURITY.md](../SECURITY.md) promises, point by point, and where it is proved. Of ${all.length} requirements tests name ${named.length}:
**${whole.length} as a whole, ${count('partly')} in part**, with what is missing. ${written.length} are a matter of documentation or design, ${count('not applicable')} are about what does not
exist here, and **${count('not met')} are not met**.

Sources: RFCs and their drafts, OWASP's ASVS 5.0, OWASP's Cheat Sheets (CS), NIST SP 800-63B-4 (NIST). After the semicolon: the level of
ASVS, M for what an RFC or NIST demands, S for what it advises.

This page is generated: a test says \`// SECURITY 83\` where it proves requirement 83, the rest stands in
[requirements.txt](../test/docs/requirements/requirements.txt). \`npm run requirements\` writes it, and a test fails where it is stale.
`
}

function writeSection({ title, requirements }: Section, proofs: readonly Proof[]): string {
  const rows = requirements.map(({ number, text, source, remark }) => {
    const tests = proofs.filter(({ numbers }) => numbers.includes(number)).map(linkOf)
    const said = remark ? [`**${remark.standing}**: ${remark.why}`] : []
    return `| ${number} | ${text} | ${source} | ${[...said, ...tests].join('<br>')} |`
  })
  const head = ['| # | requirement | source | how it stands |', '| --- | --- | --- | --- |']
  return [`## ${title.replace(' ', '. ')}`, '', ...head, ...rows, ''].join('\n')
}

// By file and title: a line's number would not be true for long.
const linkOf = ({ path, title }: Proof): string => `[${title.replace(/[|[\]<>*_`\\]/g, '\\$&')}](../${path})`
