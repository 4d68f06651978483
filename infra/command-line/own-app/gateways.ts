import { type AnswerRequest, createGateway, type GatewayOptions } from '../../local/gateway/gateway.ts'
import { message } from '../../local/gateway/gateway-answer.ts'
import type { HttpApi } from '../../local/gateway/http-api.ts'

/** Gateways for all stages of some APIs, by the logical ids of the APIs. Each may ask another one for its keys. */
export function createGateways(
  apis: readonly HttpApi[],
  options: Omit<GatewayOptions, 'api' | 'answerIssuer'>,
): ReadonlyMap<string, AnswerRequest> {
  const answerIssuer: GatewayOptions['answerIssuer'] = async (url, request) => {
    const api = apis.find(({ endpoint }) => endpoint === url.origin)
    return (await gateways.get(api?.logicalId ?? '')?.(request)) ?? message(404, 'Not Found')
  }
  const stagesOf = (stages: readonly HttpApi[]) =>
    createStages(new Map(stages.map((api) => [api.stage, createGateway({ ...options, api, answerIssuer })])))
  const byApi = Map.groupBy(apis, ({ logicalId }) => logicalId)
  const gateways: ReadonlyMap<string, AnswerRequest> = new Map([...byApi].map(([id, stages]) => [id, stagesOf(stages)]))
  return gateways
}

/** Stages of one API at its address: the first segment of a path may name one. */
function createStages(gateways: ReadonlyMap<string, AnswerRequest>): AnswerRequest {
  return async (request) => {
    const [, first = ''] = request.path.split('/')
    const answer = (first.startsWith('$') ? undefined : gateways.get(first)) ?? gateways.get('$default')
    return answer ? answer(request) : message(404, 'Not Found')
  }
}
