import { formatScope } from '../../domain/scopes/scope.ts'
import type { Tokens } from '../../domain/sessions/start-session.ts'
import type { ApiResponse, Audit } from './response.ts'

type Issued = Omit<Tokens, 'refreshToken'> & {
  readonly refreshToken: string | undefined
  readonly deviceToken?: string | undefined
  readonly idToken?: string | undefined
}

/**
 * A token response (RFC 6749 section 5.1); `lifetime` is the access token's, in seconds, `deviceToken` belongs to a device to
 * remember.
 */
export const tokenResponse = (
  { accessToken, refreshToken, scope, deviceToken, idToken }: Issued,
  lifetime: number,
  audit: Audit,
): ApiResponse => ({
  status: 200,
  body: {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    refresh_token: refreshToken,
    scope: formatScope(scope),
    device_token: deviceToken,
    id_token: idToken,
  },
  audit,
})
