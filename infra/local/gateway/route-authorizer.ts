import { refuse } from '../refusal.ts'
import type { References } from '../template/intrinsics.ts'
import type { Place } from '../template/physical-ids.ts'
import type { Properties, TypeName } from '../template/resource-types.ts'
import { idsOf, type Read, type Template } from '../template/template.ts'
import { type Authorizer, isIdentitySource } from './http-authorizer.ts'
import type { JwtAuthorizer } from './jwt-authorizer.ts'
import { callerArn, checkPermission, type Permission } from './permissions.ts'

export type ApiContext = {
  readonly template: Template
  readonly read: Read
  readonly ref: References['ref']
  readonly apiId: string
  /** Where the APIs of the stack are reached. */
  readonly endpoints: readonly string[]
  readonly permissions: readonly Permission[]
  readonly place: Place
  /** Why a function cannot run here, by its ARN. */
  readonly whyUnserved: (functionArn: string) => string | undefined
}

/** What API Gateway asks before a route: a Lambda authorizer, its own, or nothing. */
export type RouteAuthorizer = { readonly authorizer?: Authorizer; readonly jwtAuthorizer?: JwtAuthorizer }

type RouteProperties = Properties<'AWS::ApiGatewayV2::Route'>
type AuthorizerProperties = Properties<'AWS::ApiGatewayV2::Authorizer'>

/** Reads what stands before a route: a Lambda authorizer, API Gateway's own, or nothing. */
export function readRouteAuthorizer(
  { AuthorizationType, AuthorizerId, AuthorizationScopes: scopes }: RouteProperties,
  route: string,
  context: ApiContext,
): RouteAuthorizer {
  if ((AuthorizationType === 'NONE') !== (AuthorizerId === undefined)) {
    refuse(`${route}, AuthorizationType: CUSTOM and JWT go with an AuthorizerId and NONE without.`)
  }
  if (AuthorizationType !== 'JWT' && scopes.length > 0) {
    refuse(`${route}, AuthorizationScopes: they go only with the AuthorizationType JWT.`)
  }
  if (AuthorizerId === undefined) return {}
  const logicalId = find(context, 'AWS::ApiGatewayV2::Authorizer', AuthorizerId)
  if (!logicalId) return refuse(`${route}, AuthorizerId: ${AuthorizerId} is not an authorizer of this template.`)
  const authorizer = context.read('AWS::ApiGatewayV2::Authorizer', logicalId)
  const strange = authorizer.IdentitySource.find((source) => !isIdentitySource(source))
  if (strange) refuse(`${logicalId}, IdentitySource: ${strange} is not understood here.`)
  const isJwt = authorizer.AuthorizerType === 'JWT'
  if (isJwt !== (AuthorizationType === 'JWT')) refuse(`${route}, AuthorizationType: ${logicalId} is of another type.`)
  return isJwt
    ? { jwtAuthorizer: { ...readJwtAuthorizer(authorizer, logicalId, context), scopes } }
    : { authorizer: readLambdaAuthorizer(authorizer, AuthorizerId, logicalId, context) }
}

type LambdaProperties = Extract<AuthorizerProperties, { readonly AuthorizerType: 'REQUEST' }>
type JwtProperties = Extract<AuthorizerProperties, { readonly AuthorizerType: 'JWT' }>

function readLambdaAuthorizer(
  { IdentitySource: identitySources, AuthorizerUri, AuthorizerResultTtlInSeconds: resultTtl }: LambdaProperties,
  id: string,
  logicalId: string,
  { apiId, permissions, place, whyUnserved }: ApiContext,
): Authorizer {
  // What AWS answers to a denial without an identity source is not known well enough to be copied.
  if (identitySources.length === 0) refuse(`${logicalId}, IdentitySource: none is not understood here.`)
  const functionArn = functionOf(AuthorizerUri) ?? refuse(`${logicalId}, AuthorizerUri: it names no function.`)
  const unserved = whyUnserved(functionArn)
  if (unserved !== undefined) refuse(`${logicalId}, AuthorizerUri: its function cannot run here: ${unserved}.`)
  checkPermission(permissions, functionArn, callerArn(apiId, `authorizers/${id}`, place), logicalId)
  return { id, functionArn, identitySources, resultTtl }
}

function readJwtAuthorizer(
  { IdentitySource: [identitySource], JwtConfiguration: { Issuer: issuer, Audience: audiences } }: JwtProperties,
  logicalId: string,
  { endpoints }: ApiContext,
): Omit<JwtAuthorizer, 'scopes'> {
  // Its keys would have to be fetched over the network.
  if (!endpoints.includes(issuer))
    refuse(`${logicalId}, Issuer: ${issuer} is not this API, and only its keys are at hand here.`)
  return { identitySource, issuer, audiences }
}

/** An integration names its function by its ARN, an authorizer by API Gateway's address for it. */
export const functionOf = (uri: string) => /(?:^|\/)(arn:aws:lambda:[^/]+)(?:\/invocations)?$/.exec(uri)?.[1]

export const find = (
  { template, ref }: Pick<ApiContext, 'template' | 'ref'>,
  type: TypeName,
  id: string,
): string | undefined => idsOf(template, type).find((logicalId) => ref(logicalId) === id)
