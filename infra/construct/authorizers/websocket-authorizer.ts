import type { IWebSocketApi, IWebSocketRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'

/** Where a WebSocket's token stands; without it there, the answer is 401 and no function is asked. */
const places = {
  header: 'route.request.header.Authorization',
  subprotocol: 'route.request.header.Sec-WebSocket-Protocol',
  query: 'route.request.querystring.access_token',
} as const

type TokenPlace = keyof typeof places

/** An authorizer for `$connect` of any number of WebSocket APIs. `act` is called with each before it is bound. */
export const createWebSocketAuthorizer = (
  handler: IFunction,
  place: TokenPlace,
  act: (api: IWebSocketApi) => void,
): IWebSocketRouteAuthorizer => ({
  // An API has one route $connect, so no two routes ever ask for the same authorizer.
  bind: (options) => {
    act(options.route.webSocketApi)
    return new WebSocketLambdaAuthorizer('Authorizer', handler, { identitySource: [places[place]] }).bind(options)
  },
})
