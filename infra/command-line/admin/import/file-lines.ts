/** A line of a file, without its line feed. `end` is how many bytes of the file end with it. */
export type FileLine = {
  readonly line: number
  readonly bytes: Buffer
  readonly end: number
  /** False where the line is longer than the limit: `bytes` is its beginning. */
  readonly isWhole: boolean
}

const lineFeed = 0x0a

/**
 * The lines of a file, one after the other; only a line feed ends one. No more than `longest` bytes of a line are kept, so
 * that a file of one endless line needs no more memory than another.
 */
export async function* linesOf(pieces: AsyncIterable<Buffer>, longest: number): AsyncGenerator<FileLine> {
  let line = 0
  let end = 0
  let length = 0
  let kept: Buffer[] = []
  const keep = (piece: Buffer) => {
    if (length < longest) kept.push(piece.subarray(0, longest - length))
    length += piece.length
    end += piece.length
  }
  const take = (): FileLine => {
    line += 1
    const taken = { line, bytes: Buffer.concat(kept), end, isWhole: length <= longest }
    ;[length, kept] = [0, []]
    return taken
  }
  for await (const piece of pieces) {
    let from = 0
    for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, from)) {
      keep(piece.subarray(from, at))
      from = at + 1
      end += 1
      yield take()
    }
    keep(piece.subarray(from))
  }
  if (length > 0) yield take()
}
