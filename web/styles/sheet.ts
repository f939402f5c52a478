import base from './base.css?inline'
import controls from './controls.css?inline'
import desk from './desk.css?inline'
import layout from './layout.css?inline'

/** One sheet for every shadow root. Made by script, so a policy without `unsafe-inline` lets it through. */
export const sheet = new CSSStyleSheet()
sheet.replaceSync([base, controls, layout, desk].join('\n'))

/** For the page around, where that is ours too. */
export const pageSheet = new CSSStyleSheet()
pageSheet.replaceSync('body { margin: 0 }')
