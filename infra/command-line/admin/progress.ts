type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Tells how far a thing is, 0 to 1: a bar over the one before on a terminal, elsewhere a line every five seconds. */
export type Progress = { readonly draw: (done: number, text: string) => void; readonly clear: () => void }

const width = 30
const everyMs = 5000

/** `now` is in milliseconds. */
export const createProgress = (output: Output, now: () => number): Progress =>
  output.isTTY ? createBar(output) : createLines(output, now)

function createBar(output: Output): Progress {
  const write = (text: string) => void output.write(`\r\u001b[K${text}`)
  return {
    draw: (done, text) => {
      const share = shareOf(done)
      write(`[${'#'.repeat(Math.floor(share * width)).padEnd(width)}] ${percentOf(share).padStart(3)} % ${text}`)
    },
    clear: () => write(''),
  }
}

function createLines(output: Output, now: () => number): Progress {
  let last = now()
  return {
    draw: (done, text) => {
      if (now() - last < everyMs) return
      last = now()
      output.write(`${percentOf(shareOf(done))} %, ${text}\n`)
    },
    clear: () => undefined,
  }
}

// The last line of a file may lack its end, by which bytes are counted.
const shareOf = (done: number): number => Math.min(1, done)
const percentOf = (share: number): string => String(Math.floor(share * 100))
