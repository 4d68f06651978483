import { usernameOf } from '../../accounts/account.ts'
import type { Clock } from '../../clock.ts'
import type { Credential } from '../../factors/credential.ts'
import { creationOptions, newChallenge, newUserHandle } from '../../factors/passkey-options.ts'
import { type Expected, verifyRegistration } from '../../factors/passkeys.ts'
import { fail, type Result, succeed } from '../../result.ts'
import type { Tokens } from '../../sessions/start-session.ts'
import type { Enrol, EnrolFailure, Enrolled, TellOfFactor } from './enrol.ts'
import { type EnrolmentStore, enrolmentLifetime } from './enrolment-store.ts'
import type { Holder } from './find-holder.ts'

/** Where passkeys belong: for whom they are made, and on which pages they may be used. */
export type RelyingParty = Pick<Expected, 'rpId' | 'origins'> & { readonly name: string }

type EnrolPasskeyFailure = EnrolFailure | { readonly reason: 'wrong_passkey' }

/** The enrolment of a passkey, in two steps: options for the browser, and the credential that it made of them. */
export type EnrolPasskey<Started = Tokens> = {
  readonly begin: (holder: Holder) => Promise<ReturnType<typeof creationOptions>>
  readonly confirm: (
    holder: Holder,
    credential: Credential,
    name: string,
    tell: TellOfFactor,
  ) => Promise<Result<Enrolled<Started> & { readonly id: string }, EnrolPasskeyFailure>>
}

type Dependencies<Started> = {
  readonly enrol: Enrol<Started>
  readonly enrolments: Pick<EnrolmentStore, 'putPending' | 'findPending' | 'addPasskey'>
  readonly relyingParty: RelyingParty
  readonly randomBytes: (count: number) => Uint8Array
  readonly clock: Clock
}

export function createEnrolPasskey<Started = Tokens>(dependencies: Dependencies<Started>): EnrolPasskey<Started> {
  const { enrol, enrolments, relyingParty, randomBytes, clock } = dependencies
  const { rpId, origins, name: rpName } = relyingParty
  const now = () => Math.floor(clock())
  return {
    begin: async ({ id: holder, account, factors: { passkeys: exclude } }) => {
      const { challenge, challengeHash } = newChallenge(randomBytes)
      const userHandle = exclude[0]?.userHandle ?? newUserHandle(account.sub, randomBytes)
      const pending = { challenge: challengeHash, userHandle }
      await enrolments.putPending({ kind: 'passkey', holder }, pending, now() + enrolmentLifetime.passkey)
      const userName = usernameOf(account)
      return creationOptions({ rpId, rpName, userHandle, userName, displayName: userName, exclude, challenge })
    },
    confirm: async (holder, credential, name, tell) => {
      const pending = { kind: 'passkey', holder: holder.id } as const
      const createdAt = now()
      const wrong = fail({ reason: 'wrong_passkey' } as const)
      const begun = await enrolments.findPending(pending, createdAt)
      if (!begun) return wrong
      const { challenge: challengeHash, userHandle } = begun
      const verified = await verifyRegistration({ credential, challengeHash, rpId, origins })
      if (!verified.ok) return wrong
      const passkey = { ...verified.value, userHandle, name, createdAt, lastUsedAt: createdAt }
      const add = { pending, passkey, challenge: challengeHash }
      const enrolled = await enrol(holder, 'passkey', (change) => enrolments.addPasskey({ ...change, ...add }), tell)
      return enrolled.ok ? succeed({ ...enrolled.value, id: passkey.id }) : enrolled
    },
  }
}
