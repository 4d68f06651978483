import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export type CodeFile = { readonly section: string; readonly name: string; readonly code: string }

/** The files that a page tells its reader to write: each block after a line that ends with its name in backticks. */
export function readCodeFiles(page: string): readonly CodeFile[] {
  return readFileSync(join(root, page), 'utf8')
    .split(/^## /m)
    .flatMap((text) =>
      [...text.matchAll(/`([^`\n]+)`:\n\n```\w+\n(.*?)^```/gms)].map(([, name = '', code = '']) => ({
        ...{ section: text.slice(0, text.indexOf('\n')), name, code },
      })),
    )
}

/** Writes such files into a folder that has the packages of this repository. */
export function writeApp(folder: string, files: readonly CodeFile[]): void {
  for (const { name, code } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), code)
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}
