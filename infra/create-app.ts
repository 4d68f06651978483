import { App } from 'aws-cdk-lib/core'
import cdk from '../cdk.json' with { type: 'json' }
import { AuthStack } from './auth-stack.ts'
import { bundle } from './build/bundle.ts'
import { readSettings } from './construct/settings.ts'

/**
 * The app, with freshly bundled functions and nothing checked but the settings: `app.ts` adds the checks of a template
 * that is to be deployed, which take longer than all the rest.
 * @throws Error naming every setting that cannot be used, or what does not bundle.
 */
export async function createApp(context: Readonly<Record<string, unknown>> = {}, outdir?: string): Promise<App> {
  const app = new App({
    context: { ...cdk.context, ...context },
    builtinCloudFormationValidation: false,
    ...(outdir && { outdir }),
  })
  const settings = readSettings(app.node.getAllContext())
  await bundle()
  new AuthStack(app, settings)
  return app
}
