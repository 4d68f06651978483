import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { countOf } from '../../functions/domain/factors/factors.ts'
import { createAuthenticator } from '../support/authenticator.ts'
import { createHolder } from '../support/builders/factor-holder.ts'
import {
  createFactorService,
  type FactorService,
  origin,
  viewFactorService,
} from '../support/builders/factor-service.ts'
import type { TestTable } from '../support/table.ts'
import { interruptAt } from './interrupted.ts'

/** An account with an app and a passkey, and everything that was prepared with it before a race begins. */
async function openScene(table: TestTable) {
  const service = await createFactorService(table)
  const holder = createHolder(service)
  const { secret, codes, token } = await holder.enrolTotp()
  const { passkey, id } = await holder.enrolPasskey(token)
  service.clock.advance(60)
  const begun = async () => (await service.logIn()).json['auth_session']
  const asked = await begun()
  const options = Object((await service.call('POST /login/passkey', { auth_session: asked })).json['options'])
  const alone = (await service.call('POST /login/passkey', {})).json
  const another = createAuthenticator('ES256', { origin })
  const creation = (await service.call('POST /factors/passkeys', undefined, token)).json['options']
  const next = String((await service.call('POST /factors/totp', undefined, token)).json['secret'])
  return {
    ...{ service, token, id },
    totp: { auth_session: await begun(), totp: holder.codeOf(secret) },
    recovery: { auth_session: await begun(), recovery_code: codes[0] },
    second: { auth_session: asked, credential: passkey.get(options) },
    alone: { auth_session: alone['auth_session'], credential: passkey.get(alone['options'] as never) },
    enrolPasskey: { credential: another.create(creation as never) },
    enrolTotp: { code: holder.codeOf(next) },
  }
}

type Scene = Awaited<ReturnType<typeof openScene>>
type Act = (view: FactorService, scene: Scene) => Promise<unknown>

/** What may be under way, authorized before the other began. */
export const underWay: Readonly<Record<string, Act>> = {
  'the code of an app': ({ call }, { totp }) => call('POST /login', totp),
  'a recovery code': ({ call }, { recovery }) => call('POST /login', recovery),
  'a passkey after the password': ({ call }, { second }) => call('POST /login/passkey', second),
  'a passkey alone': ({ call }, { alone }) => call('POST /login/passkey', alone),
  'another app': ({ call }, { enrolTotp, token }) => call('POST /factors/totp/confirm', enrolTotp, token),
  'another passkey': ({ call }, { enrolPasskey, token }) => call('POST /factors/passkeys/confirm', enrolPasskey, token),
  'removal of the app': ({ call }, { token }) => call('DELETE /factors/totp', undefined, token),
  'removal of the passkey': ({ call }, { token, id }) => call('DELETE /factors/passkeys/{id}', undefined, token, id),
  'new recovery codes': ({ call }, { token }) => call('POST /factors/recovery-codes', undefined, token),
}

const named = ({ account }: FactorService) => account.identifiers[0] ?? ''

/** What ends sessions, factors or the account. */
export const ends: Readonly<Record<string, Act>> = {
  disable: (view) => view.lifecycle.disable(named(view)),
  delete: (view) => view.lifecycle.remove(named(view)),
  'revoke-sessions': (view) => view.lifecycle.revokeSessions(named(view)),
  'reset-factors': (view) => view.resetFactors(named(view)),
  // As set-password, a change by the owner and a recovery do it.
  'a new password': ({ stores, account }) => stores.passwords.setHash(account.sub, 'another hash'),
}

/** What changes factors beside another change. */
export const changes: Readonly<Record<string, Act>> = {
  'removal of the app': underWay['removal of the app'] as Act,
  'removal of the passkey': underWay['removal of the passkey'] as Act,
  'another passkey': underWay['another passkey'] as Act,
  'new recovery codes': underWay['new recovery codes'] as Act,
}

/** What is left of the account after a race. */
async function observe(table: TestTable, { service: { account, factors, stores } }: Scene) {
  const { sub } = account
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `SECRET#${sub}` } }
  const { Items = [] } = await table.client.send(new QueryCommand({ TableName: table.name, ...query }))
  const { epoch, sessions } = await stores.sessions.listSessions(sub)
  const kept = (await factors.findCredentials(sub)).factors
  return {
    exists: (await stores.accounts.findAccount(sub)) !== undefined,
    secrets: Items.map(({ sk }) => sk),
    alive: sessions.filter((session) => session.epoch === epoch).length,
    factors: countOf(kept),
    hasRecoveryCodes: kept.recoveryCodes.length > 0,
  }
}

/** Runs `other` as a whole before call number `at` of `act`; undefined where `act` makes fewer calls. */
export async function race(table: TestTable, act: Act, other: Act, at: number) {
  const scene = await openScene(table)
  const { service } = scene
  const { client, calls } = interruptAt(table.client, at, () => other(service, scene))
  const view = viewFactorService({ client, name: table.name }, service.account, { clock: service.clock })
  await act(view, scene)
  return calls.made > at ? observe(table, scene) : undefined
}
