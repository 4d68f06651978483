import { synthesise } from '../synthesis/assembly.ts'
import { type LocalAccount, openAccount } from './account.ts'
import type { LocalOptions } from './command-line.ts'
import type { Log } from './lambda/lambda.ts'

/** Opens the account of the stack of this project for as long as it is needed. */
export async function openOwnStack({ data, context, port }: LocalOptions, log: Log): Promise<LocalAccount> {
  await using assembly = await synthesise(context)
  // Tokens name their issuer, so those of a server on the same port stay good here.
  return await openAccount(assembly, { data, endpoint: `http://localhost:${port}`, principals: [], log })
}
