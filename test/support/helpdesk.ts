import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * What `startApp` starts: a server with a helpdesk of its own, or one beside the stand-in host. Tests of routes run once
     * as each (vitest.config.ts); what differs, they say by what stands here.
     */
    helpdesk: 'embedded' | 'attached'
  }
}

export const ATTACHED = inject('helpdesk') === 'attached'

/** Defines tests of what only a helpdesk of our own does; `why` says what keeps them from running beside a host. */
export function embeddedOnly(_why: string, define: () => unknown): void {
  if (!ATTACHED) define()
}

/** Defines tests of what is otherwise beside a host. */
export function attachedOnly(define: () => unknown): void {
  if (ATTACHED) define()
}

/** What is expected, where the two differ. */
export function either<Expected>(expected: { embedded: Expected; attached: Expected }): Expected {
  return ATTACHED ? expected.attached : expected.embedded
}

/** A text as the helpdesk's own columns keep it: an ITSM-NG's have three bytes a character. */
export const asStored = (text: string): string =>
  ATTACHED ? text.replace(/[\u{10000}-\u{10FFFF}]/gu, '????') : text
