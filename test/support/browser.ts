import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'

const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url))
const CHROMIUM = '/usr/bin/chromium'
/** Without these it runs as root in no container, and asks its maker's servers for things. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Run in the page, whose types are not ours here. */
const RUN_AXE = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) })))`
const WIDTHS = '[innerWidth, document.documentElement.scrollWidth]'
const COOKIE = `glpi_${'0'.repeat(32)}`

interface Options {
  /** Of somebody who has logged in; without one, the page asks to. */
  token?: string
  language?: 'fr' | 'en'
  width?: number
  theme?: 'light' | 'dark'
  /** Of another server than that of the file. */
  origin?: string
}

/** Waits for the focus, which a page moves a moment after it shows what there is. */
export async function expectFocus(element: Locator): Promise<void> {
  await expect.poll(() => element.evaluate((one) => one.matches(':focus'))).toBe(true)
}

export interface Tab {
  page: Page
  context: BrowserContext
  /** Opens a page of ours: a path below `/plugins/callmanager/`. */
  open: (path: string) => Promise<void>
  /** Fails where axe finds anything on what is shown now; `scope` names the page and its state. */
  expectAccessible: (state: string) => Promise<void>
  /** Writes `screenshots/<name>-<language>-<width>-<theme>.png` in both themes, for people to look at. */
  shoot: (name: string) => Promise<void>
  /** Fails where the page is wider than its window. */
  expectNoSidewaysScroll: () => Promise<void>
  /** What the page has said on the console that it should not: errors, and anything that its policy has stopped. */
  complaints: string[]
}

/**
 * A real Chromium for the tests of a file. Each tab is a browser of its own: nothing is shared but the server. At the end
 * of the file it fails where a page complained on its console. `root` is the host's sub-directory.
 */
export function useBrowser(address: () => Promise<string>, root = '') {
  let browser: Promise<Browser> | undefined
  const complaints: string[] = []
  afterAll(async () => {
    await (await browser)?.close()
    expect(complaints).toEqual([])
  })

  return async (options: Options = {}): Promise<Tab> => {
    const { token, language = 'en', width = 1280, theme = 'light' } = options
    browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
    const origin = options.origin ?? (await address())
    const context = await (await browser).newContext({
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      timezoneId: 'Europe/Paris',
      viewport: { width, height: 800 },
      colorScheme: theme,
      reducedMotion: 'reduce',
      baseURL: `${origin}${root}/plugins/callmanager/`,
    })
    context.setDefaultTimeout(10_000)
    if (token !== undefined) await context.addCookies([{ name: COOKIE, value: token, url: origin }])
    const page = await context.newPage()
    const own: string[] = []
    const complain = (text: string) => {
      own.push(text)
      complaints.push(text)
    }
    page.on('pageerror', (error) => complain(String(error)))
    page.on('console', (message) => {
      // A refusal of the API is an answer that the page shows; the browser remarks on each.
      if (message.type() === 'error' && !/^Failed to load resource/.test(message.text()))
        complain(message.text())
    })
    return {
      page,
      context,
      complaints: own,
      open: async (path) => {
        await page.goto(path)
      },
      expectAccessible: async (state) => {
        await page.evaluate(axe.source)
        const found = await page.evaluate<unknown[]>(RUN_AXE)
        expect(found, `axe on ${state}`).toEqual([])
      },
      shoot: async (name) => {
        // Nobody looks at what is thrown away with its machine.
        if (process.env.CI === 'true') return
        mkdirSync(SCREENSHOTS, { recursive: true })
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme })
          const path = join(SCREENSHOTS, `${name}-${language}-${width}-${scheme}.png`)
          await page.screenshot({ path, fullPage: true })
        }
        await page.emulateMedia({ colorScheme: theme })
      },
      expectNoSidewaysScroll: async () => {
        const [inner, scroll] = await page.evaluate<[number, number]>(WIDTHS)
        expect(scroll).toBeLessThanOrEqual(inner)
      },
    }
  }
}
