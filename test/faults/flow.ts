import type { Outcome, Service } from './service.ts'
import type { Case } from './world.ts'

/** What a caller asks of a function, and what must hold whatever becomes of it. */
export type Flow = {
  readonly name: string
  /** Every call to AWS that it makes when all is well. */
  readonly calls: readonly string[]
  /** Its answer when all is well, and when a call fails. */
  readonly answer: string
  readonly failure?: string
  /** Calls whose failure changes nothing in the answer: they only tell what has happened. */
  readonly harmless?: readonly string[]
  /** Another answer when the work of a call was done, its answer got lost and the client has tried again. */
  readonly repeated?: Readonly<Record<string, string>>
  /** Makes what there must be before. */
  readonly begin: (case_: Case) => Promise<{
    readonly act: (service: Service) => Promise<Outcome>
    /** Goes on after the answer, without faults: nothing is half done, and the next call works. */
    readonly afterwards: (outcome: Outcome) => Promise<void>
  }>
}

export const unavailable = '503 temporarily_unavailable with error,error_description, Retry-After 1'
/** Where there is no HTTP: the function fails. For the authorizer API Gateway makes 500 of it, and lets nobody in. */
export const failed = 'Unavailable: AWS did not answer in time.'
