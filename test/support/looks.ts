import type { Page } from 'playwright-core'

const STYLES =
  'color background-color font letter-spacing text-transform text-align text-indent direction display float border padding margin'

/** Where each part of one of our elements lies in it, and what it looks like. */
export const looksOf = (page: Page, tag: string): Promise<unknown[]> =>
  page.evaluate(`(() => {
    const element = document.querySelector('${tag}')
    const left = element.getBoundingClientRect().x
    return [...element.shadowRoot.querySelectorAll('*')].map((part) => {
      const { x, width, height } = part.getBoundingClientRect()
      const styles = getComputedStyle(part)
      // What is not drawn lies nowhere.
      const at = width === 0 ? 0 : x - left
      return [part.tagName, ...[at, width, height].map(Math.round), ...'${STYLES}'.split(' ').map((name) => styles[name])].join(' ')
    })
  })()`)
