import { type ComponentType, render } from 'preact'
import { pageSheet, sheet } from '../styles/sheet.ts'
import { Start } from './start.tsx'

/** What a page says to the element that it mounts, by attributes. */
export interface Attributes {
  get: (name: string) => string
}

/**
 * Makes a custom element of a view. It lives in a shadow root: styles of the page around do not reach in, nor ours out.
 * All take `base` (where Call Manager lies), `root` (the host's sub-directory), `login` (`here` or `host`), `lang` and `theme`; the host's plugin
 * also its own release, as `bridge-version`.
 */
export function defineElement(tag: string, View: ComponentType<{ attributes: Attributes }>): void {
  class Mounted extends HTMLElement {
    static observedAttributes = ['user-id']

    connectedCallback() {
      const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
      shadow.adoptedStyleSheets = [sheet]
      // The size of text that the reader has set in the browser: that of `font-size: medium`, which our styles give the element.
      this.style.setProperty('--rem', getComputedStyle(this).fontSize)
      if (this.hasAttribute('page')) document.adoptedStyleSheets = [pageSheet]
      this.draw(shadow)
    }

    /** A page may show somebody else in the same element. */
    attributeChangedCallback() {
      if (this.shadowRoot && this.isConnected) this.draw(this.shadowRoot)
    }

    draw(shadow: ShadowRoot) {
      const attributes = { get: (name: string) => this.getAttribute(name) ?? '' }
      render(
        <div class="root">
          <Start element={this} attributes={attributes}>
            <View attributes={attributes} />
          </Start>
        </div>,
        shadow,
      )
    }

    disconnectedCallback() {
      if (this.shadowRoot) render(null, this.shadowRoot)
    }
  }
  // A page may load the script twice, as tabs of the host do.
  if (customElements.get(tag) === undefined) customElements.define(tag, Mounted)
}
