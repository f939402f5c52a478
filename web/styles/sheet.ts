import base from './base.css?inline'
import controls from './controls.css?inline'
import desk from './desk.css?inline'
import layout from './layout.css?inline'
import { makeSheet } from './make-sheet.ts'

/** One sheet for every shadow root. */
export const sheet = makeSheet([base, controls, layout, desk].join('\n'))

/** For the page around, where that is ours too. */
export const pageSheet = makeSheet('body { margin: 0 }')
