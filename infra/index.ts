/** What the package gives: the construct, and the words of its methods. */
export type { ApiAuthorizers, AuthorizerOptions, WebSocketAuthorizerOptions } from './api-authorizers.ts'
export type { TokenAuthAttributes } from './imported-authorizers.ts'
export { TokenAuth } from './token-auth.ts'
export type { TokenAuthProps } from './token-auth-props.ts'
