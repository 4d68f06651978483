import { type Account, usernameOf } from '../domain/accounts/account.ts'
import { type ApiKeyStore, apiKeyClient } from '../domain/clients/api-key.ts'
import { fail, type Result, succeed } from '../domain/result.ts'
import { type ApiKeyView, viewApiKeys } from '../http/api/api-key-view.ts'
import type { AdminCommand } from './request.ts'

export type ApiKeyDependencies = { readonly apiKeys: Pick<ApiKeyStore, 'listApiKeys' | 'revokeApiKey'> }

export type ApiKeyCommand = Extract<AdminCommand, { readonly command: 'list-api-keys' | 'revoke-api-key' }>

type Owner = { readonly sub: string; readonly username: string }

export type ApiKeyResult =
  | (Owner & { readonly api_keys: readonly ApiKeyView[] })
  | (Owner & { readonly revoked: string })

type Done = { readonly result: ApiKeyResult; readonly audit: Readonly<Record<string, string | number>> }

export type ApiKeyCommandFailure = { readonly reason: 'unknown_user' | 'unknown_key' }

/** The API keys of a user, found by any identifier or the sub. */
export async function runApiKeyCommand(
  command: ApiKeyCommand,
  account: Account | undefined,
  { apiKeys }: ApiKeyDependencies,
): Promise<Result<Done, ApiKeyCommandFailure>> {
  if (!account) return fail({ reason: 'unknown_user' })
  const { sub } = account
  const owner = { sub, username: usernameOf(account) }
  switch (command.command) {
    case 'list-api-keys': {
      const listed = viewApiKeys(await apiKeys.listApiKeys(sub))
      return succeed({ result: { ...owner, api_keys: listed }, audit: { sub, listed: listed.length } })
    }
    case 'revoke-api-key': {
      const { key_id: id } = command
      if (!(await apiKeys.revokeApiKey(sub, id))) return fail({ reason: 'unknown_key' })
      return succeed({ result: { ...owner, revoked: id }, audit: { sub, client_id: apiKeyClient(id) } })
    }
  }
}
