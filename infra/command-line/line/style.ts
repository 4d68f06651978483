/** How text is told apart on a terminal; elsewhere it stays as it is. */
export type Style = { readonly bold: (text: string) => string; readonly red: (text: string) => string }

type Stream = { readonly hasColors?: () => boolean }

/** Node asks the terminal, NO_COLOR, FORCE_COLOR and TERM; a pipe and a file have no colours. */
export function styleFor(stream: Stream): Style {
  const isColoured = stream.hasColors?.() ?? false
  const between = (start: number, end: number) => (text: string) =>
    isColoured ? `\u001b[${start}m${text}\u001b[${end}m` : text
  return { bold: between(1, 22), red: between(31, 39) }
}
