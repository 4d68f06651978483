import type { Page } from 'puppeteer-core'
import { look } from './browser.ts'

export const heading = (page: Page) => look(page, "document.querySelector('h1').textContent")

/** Does what leads to another page, and waits for that. */
export const follow = (page: Page, act: () => Promise<unknown>) => Promise.all([page.waitForNavigation(), act()])

/** Whether nothing has to be scrolled sideways. */
export const fits = (page: Page) => look(page, 'document.documentElement.scrollWidth <= innerWidth')

/** Types from the field that has the focus on, and sends the form by the keyboard. */
export async function type(page: Page, ...texts: readonly string[]) {
  await page.waitForSelector('input:focus')
  for (const [index, text] of texts.entries()) {
    if (index > 0) await page.keyboard.press('Tab')
    await page.keyboard.type(text)
  }
  await follow(page, () => page.keyboard.press('Enter'))
}

/** Follows a link, or presses a button, by the keyboard. */
export async function press(page: Page, selector: string) {
  await page.focus(selector)
  await follow(page, () => page.keyboard.press('Enter'))
}
