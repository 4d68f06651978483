/** A clock that moves only when it is told to. */
export function stoppedClock(start = 1_800_000_000) {
  let now = start
  const clock = () => now
  return Object.assign(clock, {
    advance: (seconds: number) => {
      now += seconds
    },
  })
}
