import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

export type Answer = { readonly status: number; readonly body: string }

type Ask = {
  readonly token?: string
  readonly json?: object
  readonly form?: Readonly<Record<string, string>>
  readonly method?: string
}

/** What went by, by the name of what was asked: how long each answer took, in ms, and which were not as they must be. */
export type Tally = {
  readonly times: Readonly<Record<string, readonly number[]>>
  readonly errors: readonly string[]
}

/** A client that keeps its connections, and the account of what it asked. */
export function createClient(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: Record<string, number[]> = {}
  const errors: string[] = []

  const send = async (path: string, { token, json, form, method }: Ask): Promise<Answer> => {
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString()
    const sent = request(`${url}${path}`, {
      agent,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json && { 'content-type': 'application/json' }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    })
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    sent.once('error', reject)
    sent.once('response', (answer) => {
      text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read }), reject)
    })
    sent.end(body)
    return promise
  }

  return {
    /** Asks, and counts as an error whatever `isRight` does not take. The answer's JSON, or nothing of a wrong answer. */
    ask: async (
      name: string,
      path: string,
      ask: Ask,
      isRight: (answer: Answer) => boolean,
    ): Promise<Record<string, unknown>> => {
      const start = performance.now()
      try {
        const answer = await send(path, ask)
        if (isRight(answer)) return answer.body ? JSON.parse(answer.body) : {}
        errors.push(`${name}: ${answer.status} ${answer.body.slice(0, 200)}`)
      } catch (error) {
        errors.push(`${name}: ${error}`)
      } finally {
        times[name] ??= []
        times[name].push(performance.now() - start)
      }
      return {}
    },
    tally: (): Tally => ({ times, errors }),
    close: () => agent.destroy(),
  }
}

export type Client = ReturnType<typeof createClient>
