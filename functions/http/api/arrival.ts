import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/** When API Gateway got the request, as a NumericDate with fractions; undefined where the event does not say. */
export const readArrival = ({ requestContext }: APIGatewayProxyEventV2): number | undefined =>
  requestContext?.timeEpoch === undefined ? undefined : requestContext.timeEpoch / 1000
