type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Draws how far a thing is, 0 to 1, over what it drew before. Nowhere but on a terminal. */
export type ProgressBar = { readonly draw: (done: number, text: string) => void; readonly clear: () => void }

const width = 30

export function createProgressBar(output: Output): ProgressBar {
  const write = (text: string) => {
    if (output.isTTY) output.write(`\r\u001b[K${text}`)
  }
  return {
    draw: (done, text) => {
      // The last line of a file may lack its end, by which bytes are counted.
      const share = Math.min(1, done)
      const bar = '#'.repeat(Math.floor(share * width)).padEnd(width)
      write(`[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % ${text}`)
    },
    clear: () => write(''),
  }
}
