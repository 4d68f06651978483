/** What a doc comment says. */
export type Tsdoc = {
  readonly text: string
  readonly default?: string | undefined
  readonly throws?: string | undefined
  readonly isInternal: boolean
}

/** Reads a doc comment as it stands in the code. */
export function readTsdoc(comment: string): Tsdoc {
  const lines = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
  const [text = '', ...tags] = lines.join('\n').split(/^@(?=default|throws|internal)/m)
  const find = (name: string) => tags.find((tag) => tag.startsWith(name))?.slice(name.length)
  const given = find('default')
  const thrown = find('throws')
  return {
    text: oneLine(text),
    default: given && formatDefault(oneLine(given)),
    throws: thrown && oneLine(thrown),
    isInternal: find('internal') !== undefined,
  }
}

const oneLine = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/docs\/([\w-]+\.md)/g, '[docs/$1]($1)')
    .trim()

// `@default 900 - a quarter of an hour` or `@default - the issuer`, as CDK writes it.
function formatDefault(given: string): string {
  if (given.startsWith('- ')) return given.slice(2)
  const [value = '', ...words] = given.split(/(?: - |, )/)
  return [`\`${value}\``, ...words].join(', ')
}
