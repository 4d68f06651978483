import { expect } from '@jest/globals'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import type { Service } from '../builders/service.ts'

// What DESIGN section 5 says of sessions, once more and as simply as can be: each keeps every token it ever gave out.
export const rules = { grace: 10, limits: { idle: 300, absolute: 700 }, perUser: 3 }
const parallelWindow = 2
const lateRetriesPerDay = 3
export const names = ['ada', 'bob'] as const

type Name = (typeof names)[number]
type Chain = {
  readonly owner: Name
  readonly accessToken: string
  readonly tokens: string[]
  readonly createdAt: number
  lastUsedAt: number
  lateRetries: number
  ended: boolean
}
export type Model = { now: number; readonly chains: Chain[]; readonly disabled: Set<Name> }

type Step = fc.AsyncCommand<Model, Service>

const isAlive = ({ now }: Model, { ended, createdAt, lastUsedAt }: Chain): boolean =>
  !ended && now < createdAt + rules.limits.absolute && now < lastUsedAt + rules.limits.idle

const aliveOf = (model: Model, owner: Name) =>
  model.chains.filter((chain) => chain.owner === owner && isAlive(model, chain))

function endAll(model: Model, owner: Name): void {
  for (const chain of model.chains) if (chain.owner === owner) chain.ended = true
}

const step = (text: string, check: (model: Model) => boolean, run: Step['run']): Step => ({
  toString: () => text,
  check: (model) => check(model),
  run,
})

const always = () => true
const pick = ({ chains }: Model, index: number): Chain => chains[index % chains.length] as Chain
const hasChains = ({ chains }: Model): boolean => chains.length > 0

const advance = (seconds: number): Step =>
  step(`${seconds} s pass`, always, async (model, { clock }) => {
    model.now += seconds
    clock.advance(seconds)
  })

const logIn = (owner: Name): Step =>
  step(
    `${owner} logs in`,
    ({ disabled }) => !disabled.has(owner),
    async (model, service) => {
      await advance(1).run(model, service)
      const { accessToken, refreshToken } = await service.logIn(owner)
      const alive = aliveOf(model, owner)
      if (alive.length === rules.perUser && alive[0]) alive[0].ended = true
      const { now } = model
      model.chains.push({
        owner,
        accessToken,
        tokens: [refreshToken],
        createdAt: now,
        lastUsedAt: now,
        lateRetries: 0,
        ended: false,
      })
    },
  )

const isLate = ({ now }: Model, { lastUsedAt }: Chain): boolean => now > lastUsedAt + parallelWindow

// No run lasts a day, so every late retry counts.
const isRetry = (model: Model, chain: Chain): boolean =>
  model.now <= chain.lastUsedAt + rules.grace && (!isLate(model, chain) || chain.lateRetries < lateRetriesPerDay)

/** With the token that is so many generations old. */
const refresh = (index: number, age: number): Step =>
  step(`session ${index} is refreshed by a token ${age} generations old`, hasChains, async (model, service) => {
    const chain = pick(model, index)
    const at = Math.max(0, chain.tokens.length - 1 - age)
    const { status, json } = await service.refresh(chain.tokens[at] ?? '')

    if (!isAlive(model, chain)) return expect(status).toBe(400)
    const [current, before] = [chain.tokens.length - 1, chain.tokens.length - 2]
    if (at === current) {
      expect([status, chain.tokens.includes(json.refresh_token)]).toEqual([200, false])
      chain.tokens.push(json.refresh_token)
      chain.lastUsedAt = model.now
    } else if (at === before && isRetry(model, chain)) {
      expect([status, json.refresh_token]).toEqual([200, chain.tokens[current]])
      if (isLate(model, chain)) chain.lateRetries += 1
    } else {
      expect([status, json.error]).toEqual([400, 'invalid_grant'])
      chain.ended = true
    }
  })

const revoke = (index: number, age: number): Step =>
  step(`session ${index} is revoked by a token ${age} generations old`, hasChains, async (model, service) => {
    const chain = pick(model, index)

    expect(await service.revoke(chain.tokens.at(-1 - age) ?? chain.tokens[0] ?? '')).toMatchObject({ status: 200 })
    chain.ended = true
  })

const guess = (index: number): Step =>
  step(`someone guesses by the access token of session ${index}`, hasChains, async (model, service) => {
    const { sub, sid } = decodeJwt(pick(model, index).accessToken)
    const family = Buffer.from(`${sid}`, 'base64url').subarray(0, 16)
    const token = Buffer.concat([Buffer.from(`${sub}`), family, Buffer.alloc(32)]).toString('base64url')

    expect(await service.refresh(token)).toMatchObject({ status: 400 })
    expect(await service.revoke(token)).toMatchObject({ status: 200 })
  })

const endOne = (by: number, index: number): Step =>
  step(`session ${by} ends session ${index}`, hasChains, async (model, service) => {
    const [caller, chain] = [pick(model, by), pick(model, index)]
    const id = String(decodeJwt(chain.accessToken)['sid'])
    const { status } = await service.own('DELETE /sessions/{id}', caller.accessToken, id)

    if (!isAlive(model, caller)) return expect(status).toBe(401)
    if (caller.owner !== chain.owner) return expect(status).toBe(404)
    if (isAlive(model, chain)) expect(status).toBe(204)
    chain.ended = true
  })

const endEvery = (by: number): Step =>
  step(`session ${by} ends all of its user`, hasChains, async (model, service) => {
    const caller = pick(model, by)
    const { status } = await service.own('DELETE /sessions', caller.accessToken)

    if (!isAlive(model, caller)) return expect(status).toBe(401)
    expect(status).toBe(204)
    endAll(model, caller.owner)
  })

const admin = (command: 'disable' | 'revokeSessions', owner: Name): Step =>
  step(`${command} ${owner}`, always, async (model, { accountLifecycle }) => {
    await accountLifecycle[command](owner)
    endAll(model, owner)
    if (command === 'disable') model.disabled.add(owner)
  })

const enable = (owner: Name): Step =>
  step(`${owner} is enabled`, always, async (model, { users }) => {
    await users.setDisabled(owner, false)
    model.disabled.delete(owner)
  })

const list = (by: number): Step =>
  step(`session ${by} lists`, hasChains, async (model, service) => {
    const caller = pick(model, by)
    const { owner, accessToken } = caller
    const { status, json } = await service.own('GET /sessions', accessToken)

    if (!isAlive(model, caller)) return expect(status).toBe(401)
    const expected = aliveOf(model, owner).map((chain) => decodeJwt(chain.accessToken)['sid'])
    expect(json.sessions.map(({ id }: { readonly id: string }) => id)).toEqual(expected.reverse())
  })

const index = fc.nat(7)
const name = fc.constantFrom(...names)
const age = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constant(1) }, fc.nat(4))
const often = (arbitrary: fc.Arbitrary<Step>): fc.Arbitrary<Step>[] => Array.from({ length: 5 }, () => arbitrary)

/** Any order of all that can be done to sessions. */
export const steps = fc.commands(
  [
    ...often(fc.tuple(index, age).map((args) => refresh(...args))),
    fc.constantFrom(1, 2, 3, 9, 10, 11, 100, 299, 300, 650).map(advance),
    ...often(name.map(logIn)).slice(2),
    fc.tuple(index, age).map((args) => revoke(...args)),
    index.map(guess),
    fc.tuple(index, index).map((args) => endOne(...args)),
    index.map(endEvery),
    fc.tuple(fc.constantFrom('disable' as const, 'revokeSessions' as const), name).map((args) => admin(...args)),
    name.map(enable),
    index.map(list),
  ],
  { maxCommands: 60, size: 'max' },
)

/** At the end: no token of what ended works, and the last token of what has not does. */
export async function expectNothingElseWorks(model: Model, service: Service): Promise<void> {
  for (const chain of model.chains) {
    const alive = isAlive(model, chain)
    const tried = alive ? chain.tokens.slice(-1) : chain.tokens
    for (const token of tried) expect(await service.refresh(token)).toMatchObject({ status: alive ? 200 : 400 })
  }
}
