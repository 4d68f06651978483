import { App } from 'aws-cdk-lib/core'
import cdk from '../cdk.json' with { type: 'json' }
import { AuthStack } from './auth-stack.ts'
import { ensureBundled } from './build/ensure-bundled.ts'
import { isLocalOrigin } from './construct/factors/rp-id-rules.ts'
import { defaultStage, readSettings, type Settings } from './construct/settings/settings.ts'
import { readStageFile } from './stage-file.ts'

type Options = {
  readonly outdir?: string
  /** Where `latchkey.STAGE.json` is looked for. @default the working directory */
  readonly folder?: string
  /** On localhost there is no account, Region or domain: the address is the server's. @default 'AWS' */
  readonly target?: 'AWS' | 'localhost'
}

/**
 * The app, with the functions bundled as their sources are now and nothing checked but the settings: `app.ts` adds the
 * checks of a template that is to be deployed, which take longer than all the rest. Settings come from the context and,
 * below it, from the file of the stage.
 * @throws Error naming every setting that cannot be used, or what does not bundle.
 */
export async function createApp(
  context: Readonly<Record<string, unknown>> = {},
  { outdir, folder = process.cwd(), target = 'AWS' }: Options = {},
): Promise<App> {
  const app = new App({
    context: { ...cdk.context, ...context },
    builtinCloudFormationValidation: false,
    ...(outdir && { outdir }),
  })
  const given: Readonly<Record<string, unknown>> = app.node.getAllContext()
  const file = readStageFile(folder, String(given['stage'] ?? defaultStage))
  const settings = readSettings({ ...file, ...given })
  await ensureBundled()
  new AuthStack(app, target === 'AWS' ? settings : withoutPlace(settings))
  return app
}

// Beside a domain an issuer that is set is an address in AWS too.
const withoutPlace = (settings: Settings): Settings => ({
  ...settings,
  account: undefined,
  region: undefined,
  domainName: undefined,
  certificateArn: undefined,
  hostedZoneId: undefined,
  issuer: settings.domainName === undefined ? settings.issuer : undefined,
  // No browser lets a page on this machine use passkeys of another name.
  rpId: undefined,
  passkeyOrigins: settings.passkeyOrigins.filter(isLocalOrigin),
})
