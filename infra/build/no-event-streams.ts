/**
 * Stands in for `@smithy/core/event-streams` in the bundles. The SDK imports it when an operation streams events; none
 * that we call does, and esbuild would put 15 KB of it into every function.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error(
      'This bundle has no event streams: take the alias in infra/build/bundle.ts away to call such an operation.',
    )
  }
}
