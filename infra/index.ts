/** What the package gives: the construct, and the words of its methods. */
export type { ApiAuthorizers, AuthorizerOptions, WebSocketAuthorizerOptions } from './authorizers/api-authorizers.ts'
export type { TokenAuthAttributes } from './authorizers/imported-authorizers.ts'
export { TokenAuth } from './token-auth.ts'
export type { TokenAuthProps } from './token-auth-props.ts'
