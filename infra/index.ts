/** What the package gives: the construct, and the words of its methods. */
export type { ApiAuthorizers } from './construct/authorizers/api-authorizers.ts'
export type {
  AuthorizerOptions,
  CachedAuthorizerOptions,
  WebSocketAuthorizerOptions,
} from './construct/authorizers/authorizer-options.ts'
export type { TokenAuthAttributes } from './construct/authorizers/imported-authorizers.ts'
export type { ClientOptions } from './construct/clients/client-options.ts'
export type { DomainOptions } from './construct/domain/domain-options.ts'
export type { EmailOptions } from './construct/mail/email-options.ts'
export type { ProtectedResource } from './construct/resources/protected-resource.ts'
export type {
  HttpResourceOptions,
  ResourceOptions,
  RestResourceOptions,
} from './construct/resources/resource-options.ts'
export { TokenAuth } from './construct/token-auth.ts'
export type { ResourceProps, TokenAuthProps } from './construct/token-auth-props.ts'
