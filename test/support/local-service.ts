import { join } from 'node:path'
import { listen } from '../../infra/command-line/server/listen.ts'
import { openAccount } from '../../infra/local/account.ts'
import type { Principal } from '../../infra/local/aws/aws-endpoint.ts'
import { type AnswerRequest, createGateway } from '../../infra/local/gateway/gateway.ts'
import { createGatewayServer } from '../../infra/local/gateway/gateway-server.ts'
import { synthesise } from '../../infra/synthesis/assembly.ts'

export type ServiceOptions = {
  readonly data: string
  readonly settings?: Readonly<Record<string, string>>
  /** Synthesises the stack, in place of our own. */
  readonly program?: string | undefined
  /** Who else may call its AWS services. */
  readonly principals?: readonly Principal[]
}

const assemble = join(import.meta.dirname, 'synthesiser', 'assemble.ts')

/** A service on localhost as `npm start` opens it, but in this process. */
export async function openService({ data, settings = {}, program = assemble, principals = [] }: ServiceOptions) {
  await using made = new AsyncDisposableStack()
  const lines: string[] = []
  const log = (source: string, line: string) => void lines.push(`${source}: ${line}`)
  const gateway = Promise.withResolvers<AnswerRequest>()
  const { url } = made.use(
    await listen(
      createGatewayServer(async (request) => (await gateway.promise)(request)),
      0,
    ),
  )
  const assembly = made.use(await synthesise(settings, program))
  const account = made.use(await openAccount(assembly, { data, endpoint: url, principals, log }))
  const { api, invoke, aws } = account
  gateway.resolve(createGateway({ api, invoke, clock: () => Date.now() / 1000, log }))
  const running = made.move()
  return {
    ...{ url, lines, invoke, aws, assembly },
    admin: async (command: object) => JSON.parse((await invoke('admin', JSON.stringify(command))).payload),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
