import type { AuthorizerAnswer } from './authorizer-response.ts'

/**
 * Asks an authorizer about a token whose signature is wrong. At load a function has a full CPU, in its first call a
 * fraction of one, so what loads lazily should load here. Its log line is not written, only standard output opened.
 */
export const warmUp = (authorize: (event: unknown) => Promise<AuthorizerAnswer>, badToken: string) =>
  authorize({ version: '2.0', type: 'REQUEST', headers: { authorization: `Bearer ${badToken}` } })

export const openOutput = (): void => {
  process.stdout.write('')
}
