import type { Result } from '../result.ts'

/** A JSON document of somebody else's. `freshFor`: for how many seconds it may be kept. */
export type FetchedJson = { readonly value: unknown; readonly freshFor: number }

/** Why a document could not be fetched. For the log only: clients and people get the same answer in every case. */
export type FetchFailure = {
  readonly reason:
    | 'refused_url'
    | 'unknown_host'
    /** An address of the host's is private, or leads back to us. */
    | 'refused_address'
    | 'unreachable'
    | 'too_slow'
    | 'too_large'
    /** Anything but 200: redirects are not followed. */
    | 'wrong_status'
    | 'wrong_media_type'
    | 'encoded'
    | 'malformed_json'
}

/** Fetches JSON from an https URL once, within limits of size and time. */
export type FetchJson = (url: string) => Promise<Result<FetchedJson, FetchFailure>>
