/** A question to add to a complaint about an unknown word, with a space before it; nothing where no name is close. */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = closest(word, names)
  return name === undefined ? '' : ` Did you mean ${name}?`
}

// One wrong letter in three, or the beginning of a name: more would be guessing.
function closest(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: distanceBetween(word.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.max(word.length, name.length) / 3)
    .sort((one, other) => one.distance - other.distance)
  return near[0]?.name ?? (/\w{2}/.test(word) ? names.find((name) => name.startsWith(word)) : undefined)
}

/** How many letters must be added, dropped, changed or swapped with their neighbour. */
function distanceBetween(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = at(last, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, changed, isSwap ? at(before, j - 2) + 1 : changed))
    }
    before = last
    last = row
  }
  return at(last, other.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0
