import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'
import { look } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What a checker finds wrong with the page for people who cannot see it or use a mouse. */
export async function findBarriers(page: Page): Promise<unknown> {
  const devTools = await page.createCDPSession()
  // The page's own policy allows no script but its own.
  await devTools.send('Page.setBypassCSP', { enabled: true })
  await devTools.send('Runtime.evaluate', { expression: axe })
  const found = await look(
    page,
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
  )
  await devTools.send('Page.setBypassCSP', { enabled: false })
  return found
}
