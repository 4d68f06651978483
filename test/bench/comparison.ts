import { median } from './measure.ts'

/** Things measured in turn in one run: less is better. */
export type Comparison = {
  readonly title: string
  /** What the figures are, and how they came about: what a reader must know in order not to be misled. */
  readonly says: string
  /** Bytes are printed as they are; times only as ratios, which hold on other machines. */
  readonly unit?: 'KB'
  readonly rows: readonly Row[]
}

/** `ratio` is the median of what it was in each round, over the row that the others are compared with. */
export type Row = {
  readonly name: string
  readonly value: number
  readonly ratio: number
  readonly ours: boolean
  readonly note: string
}

/** What was measured of each, round by round, as rows beside the one named `base`. */
export function rowsOf(
  rounds: Readonly<Record<string, readonly number[]>>,
  base: string,
  isOurs: (name: string) => boolean,
  noteOn: (name: string) => string = () => '',
): readonly Row[] {
  return Object.entries(rounds).map(([name, values]) => ({
    name,
    value: median(values),
    ratio: median(values.map((value, round) => value / (rounds[base]?.[round] ?? Number.NaN))),
    ours: isOurs(name),
    note: noteOn(name),
  }))
}

const digits = (value: number) => (value < 10 ? 2 : value < 100 ? 1 : 0)

export const format = (value: number, unit: string): string => `${value.toFixed(digits(value))} ${unit}`

/** What is printed of a row: its bytes, and its ratio. */
export const figureOf = ({ value, ratio }: Row, unit: Comparison['unit']): string =>
  `${unit === undefined ? '' : `${format(value, unit)} · `}${ratio.toFixed(2)} ×`

export function comparisonTable({ title, says, unit, rows }: Comparison): string {
  const lines = rows.map((row) => {
    const { name, ours, note } = row
    return `| ${ours ? `**${name}**` : name} | ${figureOf(row, unit)} | ${note} |`
  })
  return [`### ${title}`, '', says, '', '| | | |', '| --- | --- | --- |', ...lines].join('\n')
}
