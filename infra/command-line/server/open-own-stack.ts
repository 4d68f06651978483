import { type LocalAccount, openAccount } from '../../local/account.ts'
import type { Log } from '../../local/lambda/lambda.ts'
import { synthesise } from '../../synthesis/assembly.ts'

type Options = {
  readonly data: string
  readonly context: Readonly<Record<string, string>>
  readonly port: number
}

/** Opens the account of the stack of this project for as long as it is needed. */
export async function openOwnStack({ data, context, port }: Options, log: Log): Promise<LocalAccount> {
  await using assembly = await synthesise(context)
  // Tokens name their issuer, so those of a server on the same port stay good here.
  return await openAccount(assembly, { data, endpoint: `http://localhost:${port}`, principals: [], log })
}
