// The authorizer that most projects have: middy, Powertools' logger and metrics, jose.
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'
import { createLocalJWKSet, jwtVerify } from 'jose'

const { ISSUER: issuer, AUDIENCE: audience, JWKS } = process.env
const keys = createLocalJWKSet(JSON.parse(JWKS))
const logger = new Logger({ serviceName: 'authorizer' })
const metrics = new Metrics({ namespace: 'bench', serviceName: 'authorizer' })

export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async (event) => {
    try {
      const token = event.headers.authorization.slice('Bearer '.length)
      const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], typ: 'at+jwt', issuer, audience })
      logger.info('allowed', { sub: payload.sub })
      metrics.addMetric('allowed', MetricUnit.Count, 1)
      metrics.publishStoredMetrics()
      return { isAuthorized: true, context: { sub: payload.sub, scope: payload.scope } }
    } catch (error) {
      logger.warn('denied', { reason: error.code })
      return { isAuthorized: false }
    }
  })
