import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Made, Question } from './synthesise.ts'

/** Where the synthesiser of this run of the tests listens; undefined outside such a run. */
export const synthesiser = () => process.env['SYNTHESISER']

/**
 * Asks for a stack what the synthesiser of the run makes of it. CDK takes far longer to load than to synthesise, and Jest
 * would load it again for each suite.
 * @throws Error with the message of what was thrown there.
 */
export async function askSynthesiser(socketPath: string, question: Question): Promise<Made> {
  const sent = request({ socketPath, method: 'POST', agent: false })
  sent.end(JSON.stringify(question))
  const [response] = await once(sent, 'response')
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(body)
  return JSON.parse(body)
}
