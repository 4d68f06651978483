import { Annotations, Lazy, Stack, Token } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'
import * as v from 'valibot'
import type { AuthorizerEnvName } from '../../../functions/authorizer/env.ts'
import { wordList } from '../settings/setting-schemas.ts'
import type { Settings } from '../settings/settings.ts'

/** Routes of one API that ask for the same scopes. Their keys are read when the template is made, as it has them. */
type ScopedRoutes = {
  readonly api: IConstruct
  readonly apiId: string
  readonly scopes: readonly string[]
  readonly keys: () => readonly string[]
}

/** What APIs ask of the authorizer beyond a good token; it finds it in its environment. */
export class AuthorizerRules {
  readonly environment: Readonly<Record<Extract<AuthorizerEnvName, 'ROUTE_RULES' | 'WEBSOCKET_QUERY_TOKEN'>, string>>
  private readonly owner: Construct
  private readonly grantable: readonly string[]
  private readonly routes: ScopedRoutes[] = []
  private queryToken = false

  constructor(owner: Construct, settings: Settings) {
    this.owner = owner
    this.grantable = settings.scopes
    this.environment = {
      ROUTE_RULES: Lazy.string({ produce: () => JSON.stringify(this.table()) }),
      WEBSOCKET_QUERY_TOKEN: Lazy.string({ produce: () => String(this.queryToken) }),
    }
    owner.node.addValidation({ validate: () => this.overflow(roomFor(settings)) })
  }

  /** Has the authorizer ask for these scopes on these routes. */
  require({ scopes, ...routes }: ScopedRoutes): void {
    if (Token.isUnresolved(routes.apiId) && Stack.of(routes.api) !== Stack.of(this.owner)) {
      throw new Error(
        `${routes.api.node.path}: scopes for routes need the API in the stack of its TokenAuth, whose authorizer knows ` +
          "routes by their API's id. Move it there, or check `scope` in your function.",
      )
    }
    const known = readScopes(scopes)
    this.routes.push({ ...routes, scopes: known })
    for (const scope of known.filter((asked) => !this.grantable.includes(asked))) this.warnOfNobody(routes.api, scope)
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

  private table(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const table: Record<string, Record<string, string>> = {}
    for (const { apiId, keys, scopes } of this.routes) {
      table[apiId] = { ...table[apiId], ...Object.fromEntries(keys().map((key) => [key, scopes.join(' ')])) }
    }
    return table
  }

  private overflow(room: number): string[] {
    // An API's id, not known yet, takes ten characters.
    const ids = Object.entries(this.table()).map(([, routes], index) => [`${index}`.padStart(10), routes] as const)
    const { length } = JSON.stringify(Object.fromEntries(ids))
    if (length <= room) return []
    return [
      `Routes with scopes take ${length} characters of the authorizer's environment, which has room for ${room}. ` +
        'Ask for the scope in the functions of some of them, or take one ANY or {proxy+} route for several.',
    ]
  }
}

// A function's environment holds 4,096 bytes, refused at deploy, when it is too late to say why. Names, issuer, audience
// and the like take up to 900, and each public key its length in base64url and some 110.
const roomFor = ({ generations }: Settings): number =>
  generations.reduce((room, { keySpec }) => room - (keySpec === 'RSA_2048' ? 460 : 630), 3200)

function readScopes(scopes: readonly string[]): readonly string[] {
  const result = v.safeParse(wordList('scopes', 1), scopes)
  if (result.success) return result.output
  throw new Error(`scopes: ${result.issues[0].message}, not ${JSON.stringify(scopes)}`)
}
