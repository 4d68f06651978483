import { ResponseType, type RestApiBase } from 'aws-cdk-lib/aws-apigateway'

/**
 * Has a REST API say in `WWW-Authenticate` why it refuses (RFC 6750 section 3). The header of 401 is the same for a token
 * that is missing and one that is bad, for API Gateway does not tell them apart; so it names no error.
 */
export function addChallenges(api: RestApiBase): void {
  const challenge = (id: string, type: ResponseType, statusCode: string, value: string) =>
    api.addGatewayResponse(id, { type, statusCode, responseHeaders: { 'WWW-Authenticate': `'${value}'` } })
  challenge('Unauthorized', ResponseType.UNAUTHORIZED, '401', 'Bearer')
  challenge('AccessDenied', ResponseType.ACCESS_DENIED, '403', 'Bearer error="insufficient_scope"')
}
