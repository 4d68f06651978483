const codes = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Notes SIGINT and SIGTERM instead of ending at once, so that what is under way can be finished. `caught` is the exit code
 * of the first, as a shell gives it; `onFirst` is called then.
 */
export function catchSignals(onFirst: () => void): { readonly caught: () => number | undefined } {
  let caught: number | undefined
  for (const [signal, code] of Object.entries(codes)) {
    // Each time: npm passes a Ctrl-C on to a process that has had it from the terminal.
    process.on(signal, () => {
      if (caught === undefined) onFirst()
      caught ??= code
    })
  }
  return { caught: () => caught }
}
