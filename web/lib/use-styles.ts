import { useLayoutEffect } from 'preact/hooks'
import { makeSheet } from '../styles/make-sheet.ts'
import { useSurroundings } from './frame.tsx'

const sheets = new Map<string, CSSStyleSheet>()

/** The styles of something that is loaded when it is opened (`import css from './it.css?inline'`), once in each shadow root. */
export function useStyles(css: string): void {
  const { element } = useSurroundings()
  useLayoutEffect(() => {
    const root = element.shadowRoot
    if (root === null) return
    const sheet = sheets.get(css) ?? makeSheet(css)
    sheets.set(css, sheet)
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  }, [element, css])
}
