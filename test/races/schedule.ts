/** A call on a shared item that waits for its turn: which of the two actors makes it, and what it does. */
type Call = { readonly actor: number; readonly name: string; readonly proceed: () => void }

/** Which of the waiting calls is next, by its index. `previous` is the actor that made the last one. */
export type Choose = (waiting: readonly Call[], previous: number | undefined) => number

type Operation = (...args: never[]) => Promise<unknown>

/** A shop of turns: calls of the actors' stores are made one at a time, in the order that `choose` decides. */
function createTurns() {
  const waiting: Call[] = []
  const take = (actor: number, name: string) =>
    new Promise<void>((proceed) => {
      waiting.push({ actor, name, proceed })
    })
  return { waiting, take }
}

/**
 * Runs two actors side by side, each on its own view of the stores, and makes their calls one at a time in the order that
 * `choose` decides. Everything else that they do must be settled within the microtasks of a call.
 */
export async function runSchedule<Stores extends Readonly<Record<string, object>>, A, B>(
  stores: Stores,
  actors: readonly [(stores: Stores) => Promise<A>, (stores: Stores) => Promise<B>],
  choose: Choose,
): Promise<readonly [A, B]> {
  const { waiting, take } = createTurns()
  const viewOf = (actor: number): Stores => {
    const inTurn =
      (name: string, operate: Operation): Operation =>
      async (...args) => {
        await take(actor, name)
        return operate(...args)
      }
    // A store is an object of operations, or one operation by itself.
    const scheduled = (kind: string, store: object) =>
      typeof store === 'function'
        ? inTurn(kind, store as Operation)
        : Object.fromEntries(
            Object.entries(store as Record<string, Operation>).map(([name, operate]) => [name, inTurn(name, operate)]),
          )
    return Object.fromEntries(Object.entries(stores).map(([kind, store]) => [kind, scheduled(kind, store)])) as Stores
  }
  const outcome = Promise.all([actors[0](viewOf(0)), actors[1](viewOf(1))])
  let isOver = false
  const over = outcome.then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  let previous: number | undefined
  while (!isOver) {
    await new Promise(setImmediate)
    if (waiting.length === 0) continue
    const [call] = waiting.splice(choose(waiting, previous), 1)
    previous = call?.actor
    call?.proceed()
  }
  await over
  return outcome
}

/** Random choices from a seed, the same every time (mulberry32). */
export function randomChoices(seed: number): Choose {
  let state = seed
  return (waiting) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % waiting.length
  }
}

/**
 * Every order with at most so many preemptions, one after the other: a preemption takes the turn from an actor that could
 * go on. `run` is called with the choices of each. The number of orders.
 */
export async function tryEveryOrder(maxPreemptions: number, run: (choose: Choose) => Promise<void>): Promise<number> {
  // The choices of the run before, and how many there were at each place; the next run changes the last that it can.
  let path: { readonly taken: number; readonly options: readonly number[] }[] = []
  let orders = 0
  do {
    const before = path
    const made: typeof path = []
    let preemptions = 0
    await run((waiting, previous) => {
      const isPreemption = ({ actor }: Call) =>
        previous !== undefined && actor !== previous && waiting.some((each) => each.actor === previous)
      const options = waiting.flatMap((call, index) =>
        isPreemption(call) && preemptions === maxPreemptions ? [] : [index],
      )
      const taken = before[made.length]?.taken ?? 0
      made.push({ taken, options })
      const chosen = options[taken] ?? 0
      const call = waiting[chosen]
      if (call && isPreemption(call)) preemptions += 1
      return chosen
    })
    orders += 1
    path = nextPath(made)
  } while (path.length > 0)
  return orders
}

function nextPath(made: readonly { readonly taken: number; readonly options: readonly number[] }[]) {
  const last = made.findLastIndex(({ taken, options }) => taken + 1 < options.length)
  const changed = made[last]
  return changed ? [...made.slice(0, last), { ...changed, taken: changed.taken + 1 }] : []
}
