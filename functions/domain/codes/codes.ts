import type { Clock } from '../clock.ts'
import { fail, type Result, succeed } from '../result.ts'
import { randomSecret } from '../secret.ts'
import { handleOf, hashCode, newCode, readCode, type TicketHandle } from './code.ts'
import type { CodeBindings, CodeEntry, CodePayloads, CodePurpose, CodeStore, MatchedCode } from './code-store.ts'
import { seal, unseal } from './seal.ts'

/**
 * Seconds from the opening of a ticket to the end of all its codes (ASVS 5.0 section 6.5.5). That of an enrolment lives as
 * long as the auth session that is its ticket.
 */
const lifetimeOf = (purpose: CodePurpose): number => (purpose === 'enrol' ? 300 : 600)

/** Wrong tries of a ticket, of all its codes together. */
export const maxWrongTries = 5

/**
 * One failure for all causes: wrong or malformed, never mailed, expired, used, unknown ticket. `isLast` says that this try
 * was counted as the last one, for the log only.
 */
export type WrongCode = { readonly reason: 'wrong_code'; readonly isLast: boolean }

/** The ticket is for the client that asked; `handle` is for the function that sends the mail. */
export type Opened = { readonly ticket: string; readonly handle: TicketHandle }

/** Codes that are mailed, and the tickets of the clients that asked for them. Each is one call to the store. */
export type Codes = {
  /**
   * Makes a ticket, or takes a secret of 256 random bits that the client holds already. Nothing is looked up for it, and no
   * code exists yet.
   */
  readonly open: <Purpose extends CodePurpose>(
    purpose: Purpose,
    payload: CodePayloads[Purpose],
    ticket?: string,
  ) => Promise<Opened>
  /** What the ticket is bound to, a hash in it still sealed; undefined for a ticket that is unknown or over. */
  readonly find: <Purpose extends CodePurpose>(
    purpose: Purpose,
    handle: TicketHandle,
  ) => Promise<CodeEntry<Purpose> | undefined>
  /**
   * A new code, to be mailed at once: the one before is no longer good. Undefined where the ticket has ended, or its first
   * code was bound to something else, such as an earlier epoch: then nothing is to be mailed.
   */
  readonly renewCode: <Purpose extends CodePurpose>(
    purpose: Purpose,
    handle: TicketHandle,
    binding: CodeBindings[Purpose],
  ) => Promise<string | undefined>
  /**
   * Tries a code as it was typed. A right one is not used up by that, so that the new password or name can be checked
   * next, and stays good if that is refused: the transaction that makes the change consumes it. Right tries are not
   * counted, because their sender has nothing left to guess; wrong ones are counted by the write that compares them.
   */
  readonly tryCode: <Purpose extends CodePurpose>(
    purpose: Purpose,
    ticket: string,
    typed: string,
  ) => Promise<Result<MatchedCode<Purpose>, WrongCode>>
}

type Dependencies = {
  readonly store: CodeStore
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createCodes({ store, randomBytes, clock }: Dependencies): Codes {
  const now = () => Math.floor(clock())
  return {
    open: async (purpose, payload, ticket = randomSecret(randomBytes)) => {
      const handle = handleOf(ticket)
      const kept = withHash(payload, (hash) => seal(ticket, hash))
      await store.putNewCode({ purpose, id: handle.id }, kept, now() + lifetimeOf(purpose))
      return { ticket, handle }
    },
    find: (purpose, { id }) => store.findCode({ purpose, id }, now()),
    renewCode: async (purpose, { id, codeKey }, binding) => {
      const code = newCode(randomBytes)
      const set = { hash: hashCode(codeKey, code), binding }
      return (await store.setCode({ purpose, id }, set, now(), maxWrongTries)) ? code : undefined
    },
    tryCode: async (purpose, ticket, typed) => {
      const { id, codeKey } = handleOf(ticket)
      // No code is the empty string: what is malformed makes the same call as what is wrong, and is counted.
      const hash = hashCode(codeKey, readCode(typed) ?? '')
      const tried = await store.tryCode({ purpose, id }, hash, now(), maxWrongTries)
      if ('wrongTries' in tried) return fail({ reason: 'wrong_code', isLast: tried.wrongTries === maxWrongTries })
      // The store sets a code together with the binding that its purpose has.
      const binding = tried.binding as CodeBindings[typeof purpose]
      const payload = withHash(tried.payload, (sealed) => unseal(ticket, sealed))
      return succeed({ purpose, id, hash, payload, binding })
    },
  }
}

const withHash = <Payload extends object>(payload: Payload, change: (hash: string) => string): Payload =>
  'passwordHash' in payload && typeof payload.passwordHash === 'string'
    ? { ...payload, passwordHash: change(payload.passwordHash) }
    : payload
