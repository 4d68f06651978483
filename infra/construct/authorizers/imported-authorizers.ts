import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { ApiAuthorizers } from './api-authorizers.ts'

/** What another stack must know of a `TokenAuth`, in the same account and Region. */
export type TokenAuthAttributes = {
  /** The ARN of its `authorizerFunction`. */
  readonly authorizerFunctionArn: string
  /** What tokens say in `iss`. */
  readonly issuer: string
  /**
   * What tokens say in `aud`.
   * @default - the issuer
   */
  readonly audience?: string
  /**
   * How long API Gateway may go on with the authorizer's last answer for a token, 0 to 1 hour. A number is in seconds.
   * @default Duration.minutes(1)
   */
  readonly authorizerCache?: Duration | number
}

/** The authorizers of a `TokenAuth` that stands in another stack. */
export class ImportedAuthorizers extends ApiAuthorizers {
  readonly issuer: string
  readonly audience: string
  readonly authorizerFunction: IFunction
  protected readonly authorizerCache: number
  // The function's environment is the other stack's.
  protected readonly rules = undefined

  constructor(scope: Construct, id: string, attributes: TokenAuthAttributes) {
    super(scope, id)
    const { authorizerFunctionArn: functionArn, issuer, audience = issuer, authorizerCache = 60 } = attributes
    this.issuer = issuer
    this.audience = audience
    this.authorizerCache = typeof authorizerCache === 'number' ? authorizerCache : authorizerCache.toSeconds()
    // So that CDK gives API Gateway the permission to call it.
    const sameEnvironment = true
    this.authorizerFunction = LambdaFunction.fromFunctionAttributes(this, 'authorizer', {
      functionArn,
      sameEnvironment,
    })
  }
}
