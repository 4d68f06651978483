import { synthesise } from '../../support/builders/stack.ts'
import { listItem, table } from './blocks.ts'

// With everything that has routes.
const everyRoute = {
  ...{ selfRegistration: true, emailFrom: 'no-reply@example.com' },
  ...{ secondFactor: 'optional', signInPages: true, resources: ['https://mcp.example.com/mcp'] },
}

type Limits = { readonly ThrottlingRateLimit?: number; readonly ThrottlingBurstLimit?: number }

/** Every route of the stack, and whether it needs an access token. */
export async function writeRoutes(): Promise<string> {
  const { ofType } = await synthesise(everyRoute)
  const rows = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
    `\`${Properties['RouteKey']}\``,
    Properties['AuthorizationType'] === 'NONE' ? 'no' : 'yes',
  ])
  return table(['route', 'access token'], rows.sort())
}

/** With everything that there are alarms for. */
export const everyAlarm = {
  ...everyRoute,
  ...{ stage: 'prod', clientsByUrl: 'all', migration: 'arn:aws:lambda:eu-central-1:123456789012:function:old-users' },
}

/** Every alarm of a production stack, and what its mail says. */
export async function writeAlarms(): Promise<string> {
  return (await synthesise(everyAlarm))
    .ofType('AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => /^(.*) What to do: .*"(\w+)"\.$/.exec(`${Properties['AlarmDescription']}`))
    .map((found) => listItem(`[${found?.[2]}](#${found?.[2]?.toLowerCase()}): ${found?.[1]}`))
    .sort()
    .join('\n')
}

/** How many requests the stage lets through, by route. */
export async function writeStageLimits(): Promise<string> {
  const { Properties } = (await synthesise({ stage: 'prod', ...everyRoute })).only('AWS::ApiGatewayV2::Stage')
  const row = (route: string, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }: Limits) => [
    route,
    `${rate}`,
    `${burst}`,
  ]
  const ofRoutes = Object.entries((Properties['RouteSettings'] ?? {}) as Record<string, Limits>)
  return table(
    ['route', 'requests a second', 'at once'],
    [
      ...ofRoutes.map(([route, limits]) => row(`\`${route}\``, limits)),
      row('all others', (Properties['DefaultRouteSettings'] ?? {}) as Limits),
    ],
  )
}
