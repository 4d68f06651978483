import { isDeepStrictEqual } from 'node:util'
import {
  type Actor,
  createActs,
  ends,
  type Gain,
  importEve,
  observe,
  openScene,
  type Person,
  underWay,
} from './actors.ts'
import { type Choose, runSchedule } from './schedule.ts'

/** All pairs of what may be under way and what may end it. */
export const pairs = Object.keys(underWay).flatMap((under) => Object.keys(ends).map((end) => [under, end] as const))

const failed: Gain = { ok: false }
const nothing: Actor = async () => failed
const revokeSessions = ends['revoke-sessions'] ?? nothing

/** What can be seen after a pair was run in an order. */
async function outcomeOf(of: Person, first: Actor, second: Actor, choose: Choose) {
  const { stores, scene } = await openScene(of)
  const run = (actor: Actor) => (view: typeof stores) => actor(createActs(view), scene)
  const gains = await runSchedule(stores, [run(first), run(second)], choose)
  return observe(stores, scene, gains)
}

const inTurn =
  (first: Actor, second: Actor): Actor =>
  async (acts, scene) => {
    await first(acts, scene)
    return second(acts, scene)
  }

const inOrder =
  (first: number): Choose =>
  (waiting) => {
    const found = waiting.findIndex(({ actor }) => actor === first)
    return Math.max(0, found)
  }

/**
 * A check of one pair in an order: what can be seen afterwards is what the two leave one after the other, or what one of
 * them leaves while the other was refused. Undefined where it is so, else what was seen.
 */
export async function createPairCheck(under: string, end: string) {
  const { of, act = nothing } = underWay[under] ?? { of: 'ada' as const }
  const ending = ends[end] ?? nothing
  const actFirst = await outcomeOf(of, act, ending, inOrder(0))
  const ended = [
    actFirst,
    // The session that asks for the end of all was alive when it asked, so the end holds, as an administrator's would.
    ...(end === 'end of all sessions' ? [await outcomeOf(of, act, revokeSessions, inOrder(0))] : []),
  ]
  const allowed = [
    ...ended,
    // A password change that was followed by an end before its new session began: it holds, and gives no tokens.
    ...ended.map((each) => ({ ...each, worked: [false, ...each.worked.slice(1)] })),
    await outcomeOf(of, act, ending, inOrder(1)),
    await outcomeOf(of, nothing, ending, inOrder(1)),
    // A log-in that had its tokens when the import went on: they are worth nothing any more.
    ...(end === 'import --update'
      ? [{ ...(await outcomeOf(of, nothing, ending, inOrder(1))), worked: [true, true] }]
      : []),
    // Between the deletion and the import an update finds no account, and makes one.
    ...(under === 'import --update' && end === 'delete and re-import'
      ? [await outcomeOf(of, inTurn(ends['delete'] ?? nothing, act), importEve, inOrder(0))]
      : []),
    // Only a change of the password may lose: it asks for the one that it was told.
    ...(end === 'password change' ? [await outcomeOf(of, act, nothing, inOrder(0))] : []),
  ]
  return async (choose: Choose) => {
    const seen = await outcomeOf(of, act, ending, choose)
    return allowed.some((each) => isDeepStrictEqual(each, seen)) ? undefined : { seen, allowed }
  }
}
