import { Annotations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { defaultServiceName, type Settings } from '../settings/settings.ts'

/** Warns at synth if mails would come from a service that their recipients have never heard of. */
export function warnIfUnnamed(scope: Construct, { serviceName }: Pick<Settings, 'serviceName'>): void {
  if (serviceName !== defaultServiceName) return
  Annotations.of(scope).addWarningV2(
    'latchkey:serviceName',
    `serviceName is not set, so mails call your service ${defaultServiceName}: set the name that people know.`,
  )
}
