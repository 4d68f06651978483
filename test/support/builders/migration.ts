import { createMigrateAccount, createMigrateForRecovery } from '../../../functions/domain/accounts/migrate-account.ts'
import type { InvokeFunction } from '../../../functions/domain/invoke-function.ts'
import { succeed } from '../../../functions/domain/result.ts'
import type { AskForRecovery, AskOldSystem } from '../../../functions/domain/sign-in/ask-old-system.ts'
import { Unavailable } from '../../../functions/domain/unavailable.ts'
import { createMigrateHandler } from '../../../functions/migrate/handler.ts'

/** An old system in which everyone has this password. */
export const confirms =
  (password: string): InvokeFunction =>
  async (event) => {
    const { request } = event as { readonly request: { readonly password: string } }
    if (request.password !== password) return succeed(event)
    return succeed({ ...event, response: { userAttributes: { name: 'Kim' }, finalUserStatus: 'CONFIRMED' } })
  }

/** The ways from log-in and recovery to the old system without Lambda between them, and the lines that are logged. */
export function createMigration(askTrigger: InvokeFunction, dependencies: Parameters<typeof createMigrateAccount>[0]) {
  const lines: string[] = []
  const handler = createMigrateHandler({
    askTrigger,
    migrateAccount: createMigrateAccount(dependencies),
    migrateForRecovery: createMigrateForRecovery(dependencies),
    region: 'eu-central-1',
    write: (line) => lines.push(line),
    now: () => 0,
  })
  const ask = async (question: object) => {
    const answer = await handler(question, { awsRequestId: 'request-1' }).catch(() => {
      throw new Unavailable('The old system cannot be asked.')
    })
    return answer.confirmed
  }
  const askOldSystem: AskOldSystem = ({ username, password, sent = password, clientId }) =>
    ask({ username, password: sent, client_id: clientId })
  const askForRecovery: AskForRecovery = (username) => ask({ username })
  return { askOldSystem, askForRecovery, logged: () => lines.map((line) => JSON.parse(line)) }
}
