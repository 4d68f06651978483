import { Annotations, Lazy, Stack, Token } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'
import type { AuthorizerEnvName } from '../../../functions/authorizer/env.ts'
import type { Settings } from '../settings/settings.ts'
import type { Demand } from './authorizer-options.ts'

/** Routes of one API that ask for the same. Their keys are read when the template is made, as it has them. */
type RuledRoutes = {
  readonly api: IConstruct
  readonly apiId: string
  readonly demand: Demand
  readonly keys: () => readonly string[]
}

/** A rule as the authorizer reads it from its environment. */
type Rule = string | readonly [scope: string, maxAge: number | null, acr: string | null, groups?: readonly string[]]

function ruleOf({ scopes, groups, maxAge, acr }: Demand): Rule {
  const scope = scopes.join(' ')
  if (!groups && maxAge === undefined && acr === undefined) return scope
  return groups ? [scope, maxAge ?? null, acr ?? null, groups] : [scope, maxAge ?? null, acr ?? null]
}

/** What APIs ask of the authorizer beyond a good token; it finds it in its environment. */
export class AuthorizerRules {
  readonly environment: Readonly<Record<Extract<AuthorizerEnvName, 'ROUTE_RULES' | 'WEBSOCKET_QUERY_TOKEN'>, string>>
  private readonly owner: Construct
  private readonly grantable: readonly string[]
  private readonly canProveMfa: boolean
  private readonly routes: RuledRoutes[] = []
  private queryToken = false

  constructor(owner: Construct, settings: Settings) {
    this.owner = owner
    this.grantable = settings.scopes
    this.canProveMfa = settings.secondFactor !== 'off'
    this.environment = {
      ROUTE_RULES: Lazy.string({ produce: () => JSON.stringify(this.table()) }),
      WEBSOCKET_QUERY_TOKEN: Lazy.string({ produce: () => String(this.queryToken) }),
    }
    owner.node.addValidation({ validate: () => this.overflow(roomFor(settings)) })
  }

  /** Has the authorizer ask for this on these routes. */
  require(routes: RuledRoutes): void {
    if (Token.isUnresolved(routes.apiId) && Stack.of(routes.api) !== Stack.of(this.owner)) {
      throw new Error(
        `${routes.api.node.path}: scopes, groups, maxAge and acr need the API in the stack of its TokenAuth, whose authorizer knows ` +
          "routes by their API's id. Move it there, or check `scope`, `groups`, `auth_time` and `acr` in your function.",
      )
    }
    this.routes.push(routes)
    const unknown = routes.demand.scopes.filter((scope) => !this.grantable.includes(scope))
    for (const scope of unknown) this.warnOfNobody(routes.api, scope)
    if (routes.demand.acr === 'mfa' && !this.canProveMfa) this.warnOfNoMfa(routes.api)
  }

  /** Has the authorizer take a WebSocket's token from the query. */
  takeQueryToken(api: IConstruct): void {
    this.queryToken = true
    Annotations.of(api).addWarningV2(
      'latchkey:queryToken',
      'Tokens in the query end up in logs of gateways, proxies and browsers. Take the subprotocol instead, if you can.',
    )
  }

  private warnOfNobody(api: IConstruct, scope: string): void {
    Annotations.of(api).addWarningV2(
      `latchkey:nobodyHas:${scope}`,
      `Nobody can have the scope ${scope}, so its routes are closed to all. Add it to the scopes of TokenAuth.`,
    )
  }

  private warnOfNoMfa(api: IConstruct): void {
    Annotations.of(api).addWarningV2(
      'latchkey:nobodyHasMfa',
      "Nobody can set up a second factor while secondFactor is off, so routes with acr: 'mfa' are closed. Set secondFactor " +
        'of TokenAuth to optional or required.',
    )
  }

  private table(): Readonly<Record<string, Readonly<Record<string, Rule>>>> {
    const table: Record<string, Record<string, Rule>> = {}
    for (const { apiId, keys, demand } of this.routes) {
      table[apiId] = { ...table[apiId], ...Object.fromEntries(keys().map((key) => [key, ruleOf(demand)])) }
    }
    return table
  }

  private overflow(room: number): string[] {
    // An API's id, not known yet, takes ten characters.
    const ids = Object.entries(this.table()).map(([, routes], index) => [`${index}`.padStart(10), routes] as const)
    const { length } = JSON.stringify(Object.fromEntries(ids))
    if (length <= room) return []
    return [
      `Routes with scopes, groups, maxAge or acr take ${length} characters of the authorizer's environment, which has room for ` +
        `${room}. Check them in the functions of some routes, or take one ANY or {proxy+} route for several.`,
    ]
  }
}

// A function's environment holds 4,096 bytes, refused at deploy, when it is too late to say why. Names, issuer, audience
// and the like take up to 900, and each public key its length in base64url and some 110.
const roomFor = ({ generations }: Settings): number =>
  generations.reduce((room, { keySpec }) => room - (keySpec === 'RSA_2048' ? 460 : 630), 3200)
