import {
  Authorizer,
  CfnMethod,
  IdentitySource,
  type IRestApi,
  Method,
  RequestAuthorizer,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway'
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { type Duration, Lazy, Stack } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'
import { freeId } from './free-id.ts'

type LambdaAuthorizer = TokenAuthorizer | RequestAuthorizer
type FindAuthorizer = (api: IRestApi) => LambdaAuthorizer

// RFC 6750 section 2.1, with a JWS for the token. What does not look like it is 401 without asking the function.
const validationRegex = '^[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$'

/** Stands for an API's one authorizer of a kind: however many methods ask for one, an API takes ten. */
export class RestAuthorizer extends Authorizer {
  readonly authorizerId: string
  private readonly find: FindAuthorizer
  private found: LambdaAuthorizer | undefined

  constructor(scope: Construct, id: string, find: FindAuthorizer) {
    super(scope, id)
    this.find = find
    this.authorizerId = Lazy.string({ produce: () => this.found?.authorizerId })
  }

  /** @internal CDK's own way to tell an authorizer of its API, for each of the methods. */
  _attachToApi(api: IRestApi): void {
    this.found ??= this.find(api)
    this.found._attachToApi(api)
  }

  /** The methods that have this authorizer, in the words of an event: `GET /orders/{id}`. */
  methodKeys(): readonly string[] {
    const nodes = this.node.root.node.findAll()
    const mine = nodes.filter((node) => node instanceof CfnMethod && node.authorizerId === this.authorizerId)
    return mine.map(({ node: { scope: method } }) => {
      if (!(method instanceof Method)) throw new TypeError('A method is not made of a Method.')
      return `${method.httpMethod} ${method.resource.path}`
    })
  }
}

/** Finds or makes an API's authorizer whose answers are kept by the token, which is all that it is told. */
export const findTokenAuthorizer = (
  owner: IConstruct,
  handler: () => IFunction,
  cache: () => Duration,
): FindAuthorizer =>
  onceForEach(
    (api) =>
      new TokenAuthorizer(api, freeId(api, owner, 'Authorizer'), {
        handler: within(Stack.of(api), handler()),
        resultsCacheTtl: cache(),
        validationRegex,
      }),
  )

/** Finds or makes an API's authorizer whose answers are kept by the token together with method and path. */
export const findRouteAuthorizer = (
  owner: IConstruct,
  id: string,
  handler: () => IFunction,
  cache: () => Duration,
): FindAuthorizer =>
  onceForEach(
    (api) =>
      new RequestAuthorizer(api, freeId(api, owner, id), {
        handler: within(Stack.of(api), handler()),
        resultsCacheTtl: cache(),
        identitySources: [
          IdentitySource.header('Authorization'),
          IdentitySource.context('httpMethod'),
          IdentitySource.context('path'),
        ],
      }),
  )

function onceForEach(create: FindAuthorizer): FindAuthorizer {
  const made = new Map<IRestApi, LambdaAuthorizer>()
  return (api) => {
    const authorizer = made.get(api) ?? create(api)
    made.set(api, authorizer)
    return authorizer
  }
}

// CDK puts the permission to call the function beside the function, and it names the API: across stacks that would be a
// circle, so the function is known by its ARN there.
function within(stack: Stack, handler: IFunction): IFunction {
  if (stack === Stack.of(handler)) return handler
  const id = `Imported${handler.node.addr}`
  const known = stack.node.tryFindChild(id) as IFunction | undefined
  const attributes = { functionArn: handler.functionArn, sameEnvironment: true }
  return known ?? LambdaFunction.fromFunctionAttributes(stack, id, attributes)
}
