import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { TableGrants } from './auth-table.ts'
import type { RelyingParty } from './factors/relying-party.ts'
import type { EventCount } from './monitoring/counted-events.ts'
import type { Settings } from './settings/settings.ts'

/** Functions that others invoke: those of ours by what they provide, and the owner's. Absent where a setting asks for none. */
export type Invoked = {
  readonly migration?: IFunction | undefined
  readonly mail?: IFunction | undefined
  readonly clientMetadata?: IFunction | undefined
  readonly oldSystem?: IFunction | undefined
  readonly mailHook?: IFunction | undefined
  readonly claims?: IFunction | undefined
}

/** What the environment of a function is made from. */
export type Parts = {
  readonly settings: Settings
  readonly issuer: string
  readonly audience: string
  readonly keys: { readonly jwks: string; readonly signingKeyId: string; readonly signingKid: string }
  /** What encrypts TOTP secrets; undefined where there are no second factors. */
  readonly factorKey?: { readonly keyId: string } | undefined
  readonly relyingParty: RelyingParty
  readonly table: { readonly tableName: string }
  readonly invoked: Invoked
  /** What mails are sent by; undefined where none are sent. */
  readonly mail?: { readonly configurationSetName: string } | undefined
  /** What tokens can be for, besides the API of the service. */
  readonly resources: {
    readonly environment: { readonly RESOURCES: string }
    readonly paths: { readonly RESOURCE_PATHS: string }
  }
  /** What APIs ask of the authorizer beyond a good token. */
  readonly rules: { readonly environment: { readonly ROUTE_RULES: string; readonly WEBSOCKET_QUERY_TOKEN: string } }
}

/** Requests per second and at once, of all callers together. */
export type RouteLimit = { readonly rate: number; readonly burst: number }

/** A route of an HTTP API. `open` says why it needs no access token; without it the authorizer protects the route. */
export type RouteSpec = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** @default with its function */
  readonly isWanted?: (settings: Settings) => boolean
  readonly open?: string
  /** Requests per second and at once, of all callers together. @default the limits of the stage */
  readonly limit?: RouteLimit
}

/** An alarm on a metric of the function; `says` is what the mail says. */
export type AlarmSpec = {
  readonly id: string
  /** A dropped event is one that Lambda gave up: its tries or its time were over. */
  readonly on: 'errors' | 'errors except 401' | 'throttles' | 'dropped events'
  readonly says: string
}

/** Everything about one Lambda of the package that is not its code. It stands in functions/<name>.ts, beside no other. */
export type FunctionSpec<EnvName extends string = string> = {
  /** The folder of its code in `functions`. */
  readonly name: string
  /** Of its construct. Functions that take each other's place share it, so that nothing that refers to them changes. @default name */
  readonly id?: string
  readonly description: string
  /** What creates it: TokenAuth, its signing keys, its clients, or the stack that shows a protected route. @default 'auth' */
  readonly owner?: 'auth' | 'keys' | 'clients' | 'example'
  /** What the rest of the stack needs it for, where there is one such function at a time. */
  readonly provides?: 'authorizer' | 'admin' | 'discovery' | 'migration' | 'mail' | 'clientMetadata'
  /** @default always */
  readonly isWanted?: (settings: Settings) => boolean
  /**
   * Whether a request costs a password hash. Such a function has the memory that a hash needs and at most
   * `loginConcurrency` calls at once, and each of its routes has a limit.
   */
  readonly hashesPasswords?: boolean
  /** In MB. @default 256, or 1024 for a function that hashes passwords */
  readonly memory?: number
  /** In seconds. */
  readonly timeout: number
  /** Files of the owner's that stand beside its code, by the names that they have there. */
  readonly files?: (settings: Settings) => Readonly<Record<string, string>>
  /** Exactly the variables that the function reads, so that a missing or misspelt one does not compile. */
  readonly environment: (parts: Parts) => Readonly<Record<EnvName, string>>
  /** What it may do with the table, always or by the settings. */
  readonly table?: TableGrants | ((settings: Settings) => TableGrants)
  /** What it may invoke, if there is such a function. */
  readonly invokes?: readonly (keyof Invoked)[]
  /** Whether it sends mails: one function at most. */
  readonly sendsMail?: boolean
  /** For a function that others invoke without waiting: for how many seconds Lambda may repeat what failed, 60 to 21,600. */
  readonly eventAge?: number
  /** Whether it signs access tokens. */
  readonly signs?: boolean
  /** What it does with TOTP secrets, where there are second factors. */
  readonly totpSecrets?: readonly ('encrypt' | 'decrypt')[]
  readonly routes?: readonly RouteSpec[]
  /** What its log lines are counted as. */
  readonly counts?: readonly EventCount[]
  readonly alarms?: readonly AlarmSpec[]
  /** Whether people wait for it on most requests: the dashboard shows how slow and how busy it is. */
  readonly isOnMostPaths?: boolean
  /** Whether few people call it: the dashboard has no room for it, and shows only its faults, among those of all. */
  readonly isRarelyCalled?: boolean
}

/** For type inference: the names of the variables are those of the function's own env.ts. */
export const defineFunction = <EnvName extends string>(spec: FunctionSpec<EnvName>): FunctionSpec =>
  spec as FunctionSpec
