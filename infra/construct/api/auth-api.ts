import { CfnStage, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct, IConstruct } from 'constructs'

/** @throws Error for an API that cannot have the routes of this `TokenAuth`, with the reason. */
export function refuseForeignApi(auth: Construct, api: HttpApi): void {
  const refuse = (reason: string): never => {
    throw new Error(`${auth.node.path}: ${reason}`)
  }
  if (!('addRoutes' in api))
    refuse('addAuthRoutes takes an HttpApi that this app makes, because it changes its stage too.')
  refuseOtherStack(auth, api, 'addAuthRoutes')
  if (withRoutes.has(api)) refuse(`${api.node.path} has the routes of a TokenAuth already.`)
  withRoutes.add(api)
}

/** @throws Error for an API that is not in the stack of this `TokenAuth`. */
export function refuseOtherStack(auth: Construct, api: IConstruct, method = 'addProtectedResource'): void {
  if (Stack.of(api) === Stack.of(auth)) return
  throw new Error(
    `${auth.node.path}: ${method} takes an API in the stack of its TokenAuth, because each refers to the other. ` +
      'Move one of them.',
  )
}

const withRoutes = new WeakSet<HttpApi>()

/** Every stage of an API that this app makes. */
export const stagesOf = (api: HttpApi): readonly CfnStage[] =>
  api.node.root.node.findAll().filter((node) => node instanceof CfnStage && node.apiId === api.apiId) as CfnStage[]

/** What is wrong with the issuer; it is known, or where it will come from, once the template is made. */
export function issuerProblems(
  auth: Construct,
  issuer: string,
  firstApi: HttpApi | undefined,
  isGiven: boolean,
): string[] {
  if (isGiven) {
    return endsWithSlash(Stack.of(auth).resolve(issuer)) ? ['`issuer` must not end with a slash: leave it out.'] : []
  }
  if (!firstApi) return ['Set `issuer` or call `addAuthRoutes(api)`: without either no token has an issuer.']
  const hasPlainAddress = stagesOf(firstApi).some(({ stageName }) => stageName === '$default')
  return hasPlainAddress
    ? []
    : [
        `Set \`issuer\`: ${firstApi.node.path} has no stage $default, so its own address is not where discovery answers.`,
      ]
}

// A joined address ends as its last part does.
function endsWithSlash(resolved: unknown): boolean {
  if (typeof resolved === 'string') return resolved.endsWith('/')
  const { 'Fn::Join': join } = Object(resolved)
  return Array.isArray(join) && endsWithSlash(join[1]?.at(-1))
}
