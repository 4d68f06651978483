import { isDeepStrictEqual } from 'node:util'
import type {
  CodeEntry,
  CodeKey,
  CodePurpose,
  CodeStore,
  MatchedCode,
} from '../../../functions/domain/codes/code-store.ts'
import { maxWrongTries } from '../../../functions/domain/codes/codes.ts'

type Kept = {
  readonly entry: CodeEntry<CodePurpose>
  readonly expiresAt: number
  readonly wrongTries: number
  readonly hash?: string
}

/** Codes in memory, and what confirmations need of them: whether a code is still good, and its end. */
export function createMemoryCodes() {
  const kept = new Map<string, Kept>()
  const nameOf = ({ purpose, id }: CodeKey<CodePurpose>) => `${purpose} ${id}`
  const findAlive = (key: CodeKey<CodePurpose>, now: number, max = Number.POSITIVE_INFINITY) => {
    const found = kept.get(nameOf(key))
    return found && found.expiresAt > now && found.wrongTries < max ? found : undefined
  }
  const store: CodeStore = {
    putNewCode: async (key, payload, expiresAt) => {
      if (!kept.has(nameOf(key)))
        kept.set(nameOf(key), { entry: { payload, binding: undefined, hasCode: false }, expiresAt, wrongTries: 0 })
    },
    findCode: async <Purpose extends CodePurpose>(key: CodeKey<Purpose>, now: number) =>
      findAlive(key, now)?.entry as CodeEntry<Purpose> | undefined,
    setCode: async (key, { hash, binding }, now, max) => {
      const found = findAlive(key, now, max)
      const bound = found?.entry.binding
      if (!found || (binding && bound && !isDeepStrictEqual(bound, binding))) return false
      kept.set(nameOf(key), { ...found, hash, entry: { ...found.entry, binding, hasCode: true } })
      return true
    },
    tryCode: async <Purpose extends CodePurpose>(key: CodeKey<Purpose>, hash: string, now: number, max: number) => {
      const found = findAlive(key, now, max)
      if (!found) return { wrongTries: 0 }
      if (found.hash === hash) return found.entry as CodeEntry<Purpose>
      kept.set(nameOf(key), { ...found, wrongTries: found.wrongTries + 1 })
      return { wrongTries: found.wrongTries + 1 }
    },
  }
  return {
    store,
    isGood: ({ hash, ...key }: MatchedCode<CodePurpose>): boolean =>
      findAlive(key, Number.NEGATIVE_INFINITY, maxWrongTries)?.hash === hash,
    consume: (key: CodeKey<CodePurpose>): void => void kept.delete(nameOf(key)),
  }
}
