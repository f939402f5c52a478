/**
 * A sheet that a shadow root adopts; made by script, so a policy without `unsafe-inline` lets it through. Its `rem` are the
 * reader's, by `--rem`: those of a page around, which may be anything (`html { font-size: 62.5% }`), stay outside.
 * Conditions (`@media`) know no variables, and count in the reader's size anyway.
 */
export function makeSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    css
      .split(/(@media[^{]*)/)
      .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/(-?[\d.]+)rem\b/g, 'calc($1 * var(--rem))')))
      .join(''),
  )
  return sheet
}
